// Looks at a report in a browser: page.mjs PAGE.html RUN.json FOLDER. Ends in 0 when everything holds; says what it did.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import * as shared from "./shared.mjs";
import { browser, dollars, said } from "./shared.mjs";

const [page_path, json_path, folder] = process.argv.slice(2);
const run = JSON.parse(readFileSync(json_path, "utf8"));
const address = pathToFileURL(page_path).href;

const opened = (options) => shared.opened(address, (url) => url === address, options);
const audited = (page, what) => shared.audited(page, what, 20);

const visible = (page) => page.locator("#claims > .entry:visible");
const claim_of = (finding) => run.claims.find((one) => one.input === finding.input && one.ordinal === finding.claim?.ordinal);

try {
  {
    const { page, close } = await opened();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip", "the first stop skips to the work list");
    for (const [slug, name] of [["at-risk", "at_risk"], ["recoupment", "recoupment"], ["delayed", "delayed"], ["unbilled", "unbilled"]]) {
      assert.equal(await page.locator(`[data-net="${slug}"]`).textContent(), dollars(run.summary[name].net_cents));
    }
    said("the four columns are those of the JSON");

    const all = await visible(page).count();
    assert.ok(all > 3, "a work list");
    assert.equal(await page.locator("#shown").textContent(), `All ${all} shown.`);
    const counted = run.findings.filter((finding) => finding.impact.counted && claim_of(finding));
    const finding = counted.find((one) => one.code === "T01") ?? counted[0];
    await page.selectOption("#f-rule", finding.code);
    const expected = new Set(run.findings.filter((one) => one.code === finding.code).map((one) => one.claim.ordinal + "/" + one.input));
    assert.equal(await visible(page).count(), expected.size);
    assert.equal(await page.locator("#shown").textContent(), expected.size === all ? `All ${all} shown.` : `${expected.size} of ${all} shown.`);
    said(`filtered by ${finding.code}: ${expected.size} of ${all}`);

    const details = page.locator(`#claim-${finding.input}-${finding.claim.ordinal}`);
    await details.locator("summary").focus();
    await page.keyboard.press("Enter");
    assert.equal(await details.evaluate((one) => one.open), true, "a claim opens by the keyboard");
    const row = details.locator(".row.found", { has: page.locator(".badge", { hasText: finding.code }) }).first();
    const window = finding.excerpt.find((one) => one.marks.some((mark) => mark.primary));
    const mark = window.marks.find((one) => one.primary);
    const bytes = Buffer.from(window.text, "utf8");
    assert.equal(await row.locator(".sent > code mark:not(.beside)").textContent(), bytes.subarray(mark.start, mark.end).toString("utf8"));
    assert.equal(await row.locator(".sent > code").textContent(), window.text);
    assert.match(await row.locator(".number").textContent(), new RegExp("\\b" + (finding.place.segment ?? finding.place.line) + "$"));
    const worth = await row.locator("dd strong").first().textContent();
    assert.equal(worth, (finding.impact.class === "denial" ? "up to " : "") + dollars(finding.impact.net_cents));
    said(`claim ${finding.claim.ordinal} opens; ${finding.place.element ?? finding.place.pointer} is marked; ${worth}`);
    const line = claim_of(finding).lines.find((one) => one.line === finding.line);
    const cells = await details.locator("table.lines tbody tr").nth(line.line - 1).locator("td").allTextContents();
    assert.deepEqual(cells.slice(6, 8), [dollars(line.net_cents), dollars(line.gross_cents)], "allowed amount, net and flat");

    await page.click("button[type=reset]");
    await page.waitForFunction((count) => document.querySelectorAll(".entry:not([hidden])").length === count, all);
    for (const [control, attribute] of [["payer", "payer"], ["provider", "providers"], ["severity", "severities"], ["class", "classes"]]) {
      const options = page.locator(`#f-${control} option`);
      const value = await options.nth(1).getAttribute("value");
      await page.selectOption("#f-" + control, value);
      const shown = await visible(page).evaluateAll((entries, name) => entries.map((entry) => entry.dataset[name].split("|")), attribute);
      assert.ok(shown.length > 0 && shown.every((values) => values.includes(value)), control);
      assert.ok((await options.nth(1).textContent()).endsWith(`(${shown.length})`), "a choice says how many it leaves");
      await page.selectOption("#f-" + control, "");
    }
    said("filters by payer, provider, severity and class leave what they say");
    await page.fill("#f-text", finding.claim.id.toLowerCase());
    await page.waitForFunction(() => document.querySelectorAll(".entry:not([hidden])").length === 1);
    await page.fill("#f-text", "zzqx");
    await page.waitForFunction((all) => document.getElementById("shown").textContent === `0 of ${all} shown.`, all);
    await page.click("button[type=reset]");
    await page.waitForFunction((count) => document.querySelectorAll(".entry:not([hidden])").length === count, all);
    await page.click("#open-all");
    assert.equal(await page.locator(".entry details:not([open])").count(), 0);
    await page.click("#close-all");
    assert.equal(await page.locator(".entry details[open]").count(), 0);
    said("searches, opens all and closes all");

    await page.locator(".starts a").first().click();
    const target = await page.evaluate(() => location.hash.slice(1));
    // The page hears of the new place a moment after the click.
    await page.waitForFunction((id) => document.getElementById(id).open, target);
    said("the first thing to do opens its claim");
    await close();
  }

  for (const colorScheme of ["light", "dark"]) {
    const { page, close } = await opened({ colorScheme });
    await page.screenshot({ path: `${folder}/${colorScheme}.png`, fullPage: true });
    await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
    await audited(page, `the page, ${colorScheme}, all opened`);
    await page.screenshot({ path: `${folder}/${colorScheme}-open.png`, fullPage: true });
    await close();
  }

  {
    const { page, close } = await opened({ viewport: { width: 320, height: 700 } });
    await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, "nothing sticks out at 320 pixels");
    await audited(page, "the page at 320 pixels, all opened");
    await page.screenshot({ path: `${folder}/narrow.png`, clip: { x: 0, y: 0, width: 320, height: 2400 }, fullPage: true });
    await close();
  }

  {
    const { page, close } = await opened({ javaScriptEnabled: false });
    assert.equal(await page.locator("#filters").isVisible(), false, "no filter that would do nothing");
    await page.locator("#claims summary").first().click();
    assert.equal(await page.locator("#claims .body").first().isVisible(), true, "a claim opens without scripts");
    await page.pdf({ path: `${folder}/report.pdf`, format: "Letter", preferCSSPageSize: true });
    const text = execFileSync("pdftotext", ["-layout", `${folder}/report.pdf`, "-"], { encoding: "utf8" });
    const sheets = text.split("\f").filter((sheet) => sheet.trim() !== "");
    assert.ok(sheets.length > 1, "more than one sheet");
    for (const sheet of sheets) {
      assert.match(sheet, /cleanclaim report/, "the header is on every sheet");
      if (run.redaction === "show-phi") assert.match(sheet, /Contains protected health information/);
    }
    const flat = text.replace(/\s+/g, " ");
    for (const name of ["at_risk", "recoupment", "delayed", "unbilled"]) {
      assert.ok(flat.includes(dollars(run.summary[name].net_cents)), name);
    }
    for (const finding of run.findings.filter((one) => one.severity !== "info" && one.impact.net_cents !== null)) {
      assert.ok(flat.includes(dollars(finding.impact.net_cents)), "printed worth of " + finding.code);
    }
    assert.doesNotMatch(flat, /Open all shown|All severities/, "no filter on paper");
    said(`printed without scripts on ${sheets.length} sheets, all claims opened, and read back`);
    await close();
  }
} finally {
  await browser.close();
}
