// Uses the served pages in a browser: serve.mjs ADDRESS FOLDER. Ends in 0 when everything holds; says what it did.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as shared from "./shared.mjs";
import { browser, dollars, said } from "./shared.mjs";

const [address, folder] = process.argv.slice(2);
const run = JSON.parse(readFileSync(`${folder}/run.json`, "utf8"));
const origin = new URL(address).origin;
const files = [`${folder}/day.837`, `${folder}/lines.jsonl`];

const opened = (options) => shared.opened(address, (url) => url.startsWith(address), options);
const audited = (page, what) => shared.audited(page, what, 12);

/** Drops files on a page as a person does. */
async function dropped(page, all) {
  const transfer = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, bytes } of all) {
      transfer.items.add(new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], name));
    }
    return transfer;
  }, all.map(({ name, bytes }) => ({ name, bytes: bytes.toString("base64") })));
  await page.dispatchEvent("main", "dragenter", { dataTransfer: transfer });
  assert.ok(await page.locator("#drop.over").count(), "the place to drop on is shown");
  await page.dispatchEvent("main", "dragover", { dataTransfer: transfer });
  await page.dispatchEvent("main", "drop", { dataTransfer: transfer });
}

const over = (page) => page.waitForSelector("#reports", { timeout: 120000 });

/** What the page of a run says is what check says. */
async function agrees(page) {
  for (const [slug, name] of [["at-risk", "at_risk"], ["recoupment", "recoupment"], ["delayed", "delayed"], ["unbilled", "unbilled"]]) {
    assert.equal(await page.locator(`[data-net="${slug}"]`).textContent(), dollars(run.summary[name].net_cents), name);
  }
  const summary = run.summary;
  assert.equal(await page.locator("h1").textContent(), `${summary.clean_claims} of ${summary.claims} claims clean`);
  for (const [severity, noun] of [["error", "error"], ["warning", "warning"], ["info", "remark"]]) {
    const count = run.findings.filter((finding) => finding.severity === severity).length;
    const shown = page.locator(`.count.${severity}`);
    if (count > 0) assert.equal(await shown.textContent(), `${count} ${noun}${count === 1 ? "" : "s"}`);
    else assert.equal(await shown.count(), 0);
  }
}

async function downloaded(page) {
  for (const ending of ["html", "csv", "sarif", "json"]) {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: `Download ${ending.toUpperCase()}` }).click(),
    ]);
    assert.match(download.suggestedFilename(), new RegExp(`^cleanclaim-run-\\d+\\.${ending}$`));
    assert.ok(readFileSync(await download.path()).equals(readFileSync(`${folder}/run.${ending}`)), ending);
  }
  said("HTML, CSV, SARIF and JSON are those of check");
}

try {
  for (const colorScheme of ["light", "dark"]) {
    const { page, close } = await opened({ colorScheme });
    await audited(page, `the start page, ${colorScheme}`);
    await page.screenshot({ path: `${folder}/start-${colorScheme}.png`, fullPage: true });
    await close();
  }

  {
    const { page, close } = await opened();
    await dropped(page, files.map((path) => ({ name: path.split("/").pop(), bytes: readFileSync(path) })));
    await over(page);
    await agrees(page);
    await downloaded(page);
    await audited(page, "the page of a run that is over, light");
    await page.screenshot({ path: `${folder}/over-light.png`, fullPage: true });
    await page.getByRole("link", { name: "Open the report" }).click();
    await page.waitForSelector("#work-list");
    assert.equal(await page.locator("[data-net='at-risk']").textContent(), dollars(run.summary.at_risk.net_cents));
    await page.selectOption("#f-severity", "error");
    assert.match(await page.locator("#shown").textContent(), /shown\.$/, "the script of the report runs under the policy of the answer");
    await page.goBack();
    said("dropped two files, and read the report");
    await close();
  }

  {
    const { page, close } = await opened({ colorScheme: "dark" });
    await page.setInputFiles("#files", `${folder}/large.837`);
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.waitForSelector("#going");
    await page.waitForFunction(() => / of .* read, /.test(document.getElementById("words").textContent));
    await page.waitForFunction(() => document.getElementById("said").textContent !== "");
    await page.waitForFunction(() => document.getElementById("bar").value > 0 && document.title.startsWith("Checking"));
    assert.equal(await page.locator("h1").textContent(), "Checking");
    await audited(page, "the page of a run under way, dark");
    await page.screenshot({ path: `${folder}/going-dark.png`, fullPage: true });
    const words = await page.locator("#words").textContent();
    said("under way: " + words);
    // Another one waits behind it.
    const second = await opened();
    await second.page.setInputFiles("#files", files);
    await second.page.getByRole("button", { name: "Check", exact: true }).click();
    await second.page.waitForSelector("#going");
    const waiting = await second.page.locator("#words").textContent();
    assert.match(waiting, /^Waiting\. (It is next|\d+ runs? (is|are) before it): one check goes on at a time\.$/);
    said("behind it: " + waiting);
    await page.getByRole("button", { name: "Cancel and forget" }).click();
    await page.waitForSelector("#drop");
    await over(second.page);
    await agrees(second.page);
    said("one was cancelled, and the next was checked");
    await second.close();
    await close();
  }

  {
    const { page, close } = await opened({ colorScheme: "dark" });
    const name = "<img src=x onerror=alert(1)>\u202e\"'.pdf";
    await dropped(page, [{ name, bytes: Buffer.from("%PDF-1.7") }, { name: "day.837", bytes: readFileSync(files[0]) }]);
    await over(page);
    assert.ok((await page.locator(".names").textContent()).includes("<img src=x onerror=alert(1)>\"'.pdf"), "a hostile name is text");
    assert.match(await page.locator(".alert").textContent(), /Not checked:.*a PDF document/s);
    assert.equal(await page.locator("img").count(), 0);
    await audited(page, "the page of a run with an input that is none, dark");
    await page.screenshot({ path: `${folder}/over-dark.png`, fullPage: true });
    await page.getByRole("link", { name: "All runs, and new files" }).click();
    await page.waitForSelector(".runs");
    assert.ok((await page.locator(".runs").textContent()).includes("<img src=x onerror=alert(1)>"));
    assert.equal(await page.locator("img").count(), 0);
    assert.match(await page.locator(".runs tbody tr").first().textContent(), /; 1 file not checked/);
    await audited(page, "the start page with runs, dark");
    await page.screenshot({ path: `${folder}/list-dark.png`, fullPage: true });
    // Nothing that is none of a claim at all.
    await dropped(page, [{ name: "letter.pdf", bytes: Buffer.from("%PDF-1.7") }]);
    await over(page);
    assert.equal(await page.locator("h1").textContent(), "No claims were checked");
    said("a hostile name is text everywhere; what is no claims is named");
    await close();
  }

  {
    const { page, close } = await opened();
    await dropped(page, [{ name: "large.837", bytes: Buffer.alloc(64 * 1024 * 1024 + 1) }]);
    await page.waitForFunction(() => document.getElementById("wrong").textContent.includes("larger than 64 MiB together"));
    await page.screenshot({ path: `${folder}/too-large-light.png`, fullPage: true });
    await audited(page, "the start page with a fault, light");
    said("what is too large is said before it is sent");
    await close();
  }

  {
    const { page, close } = await opened();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "files", "the first stop is where files are chosen");
    // A browser that is short of time has been seen to let a key go by.
    let chooser = null;
    for (let turn = 0; turn < 5 && !chooser; turn += 1) {
      await page.bringToFront();
      const asked = page.waitForEvent("filechooser", { timeout: 10_000 }).catch(() => null);
      await page.keyboard.press("Enter");
      chooser = await asked;
    }
    assert.ok(chooser, "Enter asks for files");
    await chooser.setFiles(files);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Check");
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none", "focus is seen");
    await page.keyboard.press("Enter");
    await over(page);
    const link = page.getByRole("link", { name: "Open the report" });
    for (let stop = 0; stop < 10 && !(await link.evaluate((one) => one === document.activeElement)); stop += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#work-list");
    await page.goBack();
    const forget = page.getByRole("button", { name: "Forget this run" });
    await forget.focus();
    const gone = page.url();
    await page.keyboard.press("Enter");
    await page.waitForSelector("#drop");
    assert.equal((await page.request.get(gone)).status(), 404, "forgotten");
    said("chose, checked, read and forgot by the keyboard");
    await close();
  }

  {
    const { page, close } = await opened({ viewport: { width: 320, height: 700 } });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, "nothing sticks out at 320 pixels");
    await audited(page, "the start page at 320 pixels");
    await page.screenshot({ path: `${folder}/narrow.png`, fullPage: true });
    await page.locator(".runs a").first().click();
    await page.waitForSelector("#of");
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, "nothing sticks out of a run at 320 pixels");
    await page.screenshot({ path: `${folder}/narrow-run.png`, fullPage: true });
    await close();
  }

  {
    const { page, close } = await opened({ javaScriptEnabled: false });
    assert.equal(await page.locator("#here").isVisible(), false, "no drop that would do nothing is offered");
    await page.setInputFiles("#files", files);
    await page.getByRole("button", { name: "Check", exact: true }).click();
    assert.match(page.url(), /\/run\/\d+$/, "a form is answered by the page of its run");
    await over(page);
    await agrees(page);
    await downloaded(page);
    await page.getByRole("button", { name: "Forget this run" }).click();
    await page.waitForSelector("#drop");
    await page.setInputFiles("#files", { name: "large.837", mimeType: "text/plain", buffer: Buffer.alloc(40 * 1024 * 1024) });
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await over(page);
    said("all of it without scripts");
    await close();
  }

  {
    // A page of somebody else that knows the address, which it cannot.
    const context = await browser.newContext();
    const page = await context.newPage();
    const answers = [];
    page.on("response", (response) => { if (response.url().startsWith(origin)) answers.push(response.status()); });
    await page.route("http://evil.example/", (route) => route.fulfill({
      contentType: "text/html",
      body: `<form method="post" enctype="multipart/form-data" action="${address}check"><input name="a" value="b"></form>`,
    }));
    await page.goto("http://evil.example/");
    await page.evaluate(() => document.querySelector("form").submit());
    await page.waitForFunction(() => location.host !== "evil.example");
    assert.deepEqual(answers, [403], "a foreign form");
    await page.goto("http://evil.example/");
    const read = await page.evaluate((address) => fetch(address).then((one) => one.text()).catch(() => "refused"), address);
    assert.equal(read, "refused", "a foreign page reads nothing");
    await context.close();
    said("a foreign page sends nothing and reads nothing");
  }
} finally {
  await browser.close();
}
