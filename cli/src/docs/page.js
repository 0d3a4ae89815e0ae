"use strict";
(() => {
  const root = document.documentElement;
  const themes = ["auto", "light", "dark"];
  // A browser may refuse to store anything for a file.
  const stored = () => { try { return localStorage.getItem("dyntastic-theme"); } catch { return null; } };
  const store = (theme) => { try { localStorage.setItem("dyntastic-theme", theme); } catch { /* It lasts until the page is closed. */ } };
  const show = (theme) => { if (theme === "auto") delete root.dataset.theme; else root.dataset.theme = theme; };
  let theme = themes.includes(stored()) ? stored() : "auto";
  show(theme);

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const label = button.querySelector("span");
    label.textContent = theme;
    button.hidden = false;
    button.addEventListener("click", () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      label.textContent = theme;
      show(theme);
      store(theme);
    });

    const contents = document.getElementById("contents");
    const narrow = matchMedia("(max-width: 60rem)");
    const fold = () => { contents.open = !narrow.matches; };
    fold();
    narrow.addEventListener("change", fold);
    contents.addEventListener("click", (event) => { if (narrow.matches && event.target.closest("a")) contents.open = false; });

    // A link leads into what is folded.
    const reveal = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const around = target?.closest("details");
      if (around && around !== contents && !around.open) { around.open = true; target.scrollIntoView(); }
    };
    reveal();
    addEventListener("hashchange", reveal);
    let folded = [];
    addEventListener("beforeprint", () => { folded = [...document.querySelectorAll("main details:not([open])")]; folded.forEach((of) => { of.open = true; }); });
    addEventListener("afterprint", () => { folded.forEach((of) => { of.open = false; }); });

    search();
  });

  function search() {
    const form = document.querySelector("form[role=search]");
    const input = document.getElementById("search");
    const list = document.getElementById("found");
    const count = document.getElementById("count");
    const entries = [...document.querySelectorAll("[data-find]")].map((of) => {
      const name = of.dataset.name;
      return { id: of.id, kind: of.dataset.find, name, low: name.toLowerCase(), text: of.textContent.toLowerCase() };
    });
    let found = [];
    let chosen = -1;
    form.hidden = false;

    // The smaller, the better; -1 for what is not found.
    const rank = (entry, words) => {
      let worst = 0;
      for (const word of words) {
        const at = entry.low.indexOf(word);
        let own;
        if (entry.low === word) own = 0;
        else if (at === 0) own = 1;
        else if (at > 0) own = /[^a-z0-9]/.test(entry.low[at - 1]) ? 2 : 3;
        else if (entry.text.includes(word)) own = 4;
        else return -1;
        worst = Math.max(worst, own);
      }
      return worst;
    };
    const choose = (at) => {
      chosen = at;
      [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
      if (at < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", "found-" + at);
        list.children[at].scrollIntoView({ block: "nearest" });
      }
    };
    const close = () => {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      choose(-1);
    };
    const update = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      found = words.length === 0 ? [] : entries
        .map((entry) => ({ entry, rank: rank(entry, words) }))
        .filter((of) => of.rank >= 0)
        .sort((one, other) => one.rank - other.rank || one.entry.name.length - other.entry.name.length)
        .slice(0, 30)
        .map((of) => of.entry);
      list.replaceChildren(...found.map((entry, at) => {
        const option = document.createElement("li");
        option.id = "found-" + at;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const [name, kind] = [document.createElement("span"), document.createElement("span")];
        name.textContent = entry.name;
        kind.textContent = entry.kind;
        option.append(name, kind);
        option.addEventListener("mousedown", (event) => { event.preventDefault(); go(at); });
        return option;
      }));
      count.textContent = words.length === 0 ? "" : found.length + " found";
      if (found.length === 0) { close(); return; }
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      choose(0);
    };
    const go = (at) => {
      const entry = found[at];
      if (!entry) return;
      close();
      input.blur();
      location.hash = entry.id;
      const target = document.getElementById(entry.id);
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
    };
    input.addEventListener("input", update);
    input.addEventListener("focus", () => { if (input.value) update(); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const last = found.length - 1;
      if (event.key === "ArrowDown" && last >= 0) choose(chosen >= last ? 0 : chosen + 1);
      else if (event.key === "ArrowUp" && last >= 0) choose(chosen <= 0 ? last : chosen - 1);
      else if (event.key === "Enter") go(Math.max(chosen, 0));
      else if (event.key === "Escape" && !list.hidden) close();
      else return;
      event.preventDefault();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
      if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        input.focus();
        input.select();
      }
    });
  }
})();
