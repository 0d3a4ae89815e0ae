// Checks pages of `dyntastic docs` in headless Chromium, or draws one. `.ci/browser` calls it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const modules = createRequire(resolve(process.env.MODULES, "x.js"));
const puppeteer = await import(pathToFileURL(modules.resolve("puppeteer-core")));
const axe = readFileSync(modules.resolve("axe-core/axe.min.js"), "utf8");

const [, , command, ...files] = process.argv;
// The pages are this repository's own, and containers give no sandbox to root.
const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });

const desktop = { width: 1280, height: 900 };
const phone = { width: 375, height: 720, isMobile: true, hasTouch: true };

// Opens a page; what it logs, requests or asks is in `noise`.
async function open(url, { viewport = desktop, scheme = "light", script = true } = {}) {
  const page = await browser.newPage();
  const noise = [];
  page.on("console", (message) => noise.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => noise.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { noise.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => { if (request.url().split("#")[0] !== url.split("#")[0]) noise.push(`request: ${request.url()}`); });
  await page.setJavaScriptEnabled(script);
  await page.setViewport(viewport);
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  await page.goto(url, { waitUntil: "load" });
  return { page, noise, close: async () => { await page.close(); assert.deepEqual(noise, []); } };
}

async function accessible(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  const shown = violations.map((of) => `${of.id}: ${of.help}\n  ${of.nodes.slice(0, 5).map((node) => node.html.slice(0, 160)).join("\n  ")}`);
  assert.deepEqual(shown, [], `axe, ${where}`);
}

const checks = {
  async "axe finds no violation, light and dark, wide and narrow"(url) {
    for (const viewport of [desktop, phone]) {
      for (const scheme of ["light", "dark"]) {
        const { page, close } = await open(url, { viewport, scheme });
        await page.evaluate(() => document.querySelectorAll("details").forEach((of) => { of.open = true; }));
        await accessible(page, `${viewport.width} px, ${scheme}`);
        await close();
      }
    }
  },

  async "links lead somewhere, and ids are unique"(url) {
    const { page, close } = await open(url);
    const wrong = await page.evaluate(() => {
      const ids = [...document.querySelectorAll("[id]")].map((of) => of.id);
      const again = ids.filter((id, at) => ids.indexOf(id) !== at);
      const links = [...document.querySelectorAll("a[href^='#']")].map((of) => of.getAttribute("href").slice(1));
      return again.concat(links.filter((id) => !document.getElementById(id)));
    });
    assert.deepEqual(wrong, []);
    await close();
  },

  async "a shared link shows its place"(url) {
    const first = await open(url);
    const ids = await first.page.$$eval("[data-find]", (all) => all.map((of) => of.id));
    await first.close();
    for (const id of [ids[0], ids[Math.floor(ids.length / 2)], ids[ids.length - 1]]) {
      const { page, close } = await open(`${url}#${id}`);
      const top = await page.$eval(":target", (of) => [of.id, of.getBoundingClientRect().top]);
      assert.equal(top[0], id);
      assert.ok(top[1] >= 40 && top[1] < 900, `${id} is at ${top[1]}`);
      await close();
    }
  },

  async "nothing scrolls sideways but the boxes of tables"(url) {
    for (const width of [320, 375, 768, 1280]) {
      const { page, close } = await open(url, { viewport: { ...phone, width } });
      await page.evaluate(() => document.querySelectorAll("details").forEach((of) => { of.open = true; }));
      const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
      assert.ok(wide <= width, `${wide} px at ${width} px`);
      await close();
    }
  },

  async "search finds by name and leads there, by keyboard alone"(url) {
    const { page, close } = await open(url);
    const entries = await page.$$eval("[data-find]", (all) => all.map((of) => ({ id: of.id, name: of.dataset.name })));
    for (const { name } of [entries[0], entries[Math.floor(entries.length / 3)], entries[entries.length - 1]]) {
      await page.keyboard.press("/");
      assert.equal(await page.evaluate(() => document.activeElement.id), "search");
      await page.keyboard.type(name.toLowerCase());
      const found = await page.$$eval("#found [role=option]", (all) => all.map((of) => of.firstChild.textContent));
      assert.equal(found[0]?.toLowerCase(), name.toLowerCase());
      await page.keyboard.press("Enter");
      const here = await page.evaluate(() => ({ hash: decodeURIComponent(location.hash.slice(1)), focus: document.activeElement.id, list: document.getElementById("found").hidden }));
      assert.equal(entries.find((of) => of.id === here.hash)?.name.toLowerCase(), name.toLowerCase());
      assert.equal(here.focus, here.hash);
      assert.ok(here.list);
    }
    await page.keyboard.press("/");
    await page.keyboard.type("e");
    const first = await page.$eval("#search", (of) => of.getAttribute("aria-activedescendant"));
    await page.keyboard.press("ArrowDown");
    const second = await page.$eval("#search", (of) => of.getAttribute("aria-activedescendant"));
    assert.deepEqual([first, second], ["found-0", "found-1"]);
    await accessible(page, "with the list of what is found");
    await page.keyboard.press("Escape");
    assert.ok(await page.$eval("#found", (of) => of.hidden));
    await page.$eval("#search", (of) => { of.value = ""; });
    await page.keyboard.type("no such thing");
    assert.equal(await page.$eval("#count", (of) => of.textContent), "0 found");
    await close();
  },

  async "the first key leads to the content, and all boxes that scroll are reached by keys"(url) {
    const { page, close } = await open(url);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
    const lost = await page.$$eval(".scroll", (all) => all.filter((of) => of.tabIndex !== 0).length);
    assert.equal(lost, 0);
    await close();
  },

  async "the theme follows the system, and the button"(url) {
    const colour = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const { page: dark, close } = await open(url, { scheme: "dark" });
    const ofDark = await colour(dark);
    await close();
    const { page, close: end } = await open(url);
    const ofLight = await colour(page);
    assert.notEqual(ofLight, ofDark);
    for (const expected of [ofLight, ofDark, ofLight]) {
      await page.click("#theme");
      assert.equal(await colour(page), expected);
    }
    await end();
  },

  async "contents fold on a phone"(url) {
    const { page, close } = await open(url, { viewport: phone });
    assert.equal(await page.$eval("#contents", (of) => of.open), false);
    await page.tap("#contents summary");
    assert.equal(await page.$eval("#contents", (of) => of.open), true);
    await page.tap("#contents ul a");
    assert.equal(await page.$eval("#contents", (of) => of.open), false);
    await close();
  },

  async "without a script, all content is there"(url) {
    const withScript = await open(url);
    const text = await withScript.page.$eval("main", (of) => of.textContent);
    await withScript.close();
    const { page, close } = await open(url, { script: false });
    assert.equal(await page.$eval("main", (of) => of.textContent), text);
    assert.equal(await page.$eval("#contents", (of) => of.open), true);
    await close();
  },

  async "print shows everything within the paper"(url) {
    const { page, close } = await open(url, { viewport: { width: 660, height: 900 } });
    await page.emulateMediaType("print");
    const state = await page.evaluate(() => ({
      nav: getComputedStyle(document.querySelector("nav")).display,
      wide: [...document.querySelectorAll(".scroll")].filter((of) => of.scrollWidth > of.clientWidth + 1).map((of) => of.getAttribute("aria-label")),
    }));
    assert.deepEqual(state, { nav: "none", wide: [] });
    const pdf = await page.pdf({ format: "A4" });
    assert.ok(pdf.length > 10_000);
    await close();
  },
};

let failed = 0;
try {
  if (command === "shot") {
    const [file, png] = files;
    const { page, close } = await open(String(pathToFileURL(resolve(file))), { viewport: { width: 1360, height: 900 } });
    await page.evaluate(() => document.getElementById("table.shop").scrollIntoView());
    await page.screenshot({ path: png });
    await close();
  } else {
    for (const file of files) {
      for (const [name, check] of Object.entries(checks)) {
        try {
          await check(String(pathToFileURL(resolve(file))));
          console.log(`ok: ${name}`);
        } catch (error) {
          failed += 1;
          console.error(`FAILED: ${file}: ${name}\n${error.message}`);
        }
      }
    }
  }
} finally {
  await browser.close();
}
process.exitCode = failed === 0 ? 0 : 1;
