// What the scripts that look at pages share: a browser, pages with their troubles gathered, and the audit.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const dollars = (cents) =>
  (cents < 0 ? "-" : "") + "$" + (Math.abs(cents) / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });
export const said = (words) => console.log("  " + words);

export const browser = await chromium.launch({
  executablePath: process.env.CLEANCLAIM_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

/** A page with its troubles gathered: errors, dialogs, and anything it asks of an address that is not its own. There must be
 * none when it is closed. */
export async function opened(address, isOwn, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (message) => troubles.push("console: " + message.text()));
  page.on("pageerror", (error) => troubles.push("error: " + error.message));
  page.on("dialog", (dialog) => { troubles.push("dialog: " + dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => {
    if (!isOwn(request.url()) && !request.url().startsWith("data:")) troubles.push("request: " + request.url());
  });
  await page.goto(address);
  return { page, close: async () => { assert.deepEqual(troubles, []); await context.close(); } };
}

/** Holds the page to the accessibility rules, of which at least so many must have had something to look at. */
export async function audited(page, what, least) {
  // The policy of the page refuses scripts that are added to it; the audit is run beside it, as a developer tool is.
  const results = await page.evaluate(`${axe};axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa",
    "wcag22aa", "best-practice"]})`);
  const told = results.violations.map((violation) =>
    violation.id + ": " + violation.help + "\n    " + violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join("\n    "));
  assert.deepEqual(told, [], "accessibility of " + what);
  assert.ok(results.passes.length > least, "an audit that looked at something");
  said("no violation: " + what + ", " + results.passes.length + " rules passed");
}
