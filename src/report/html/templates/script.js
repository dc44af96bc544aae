"use strict";
// Filters the work list. Nothing here is needed for reading or printing.
(() => {
  const form = document.getElementById("filters");
  const list = document.getElementById("claims");
  const open = () => {
    const at = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (at instanceof HTMLDetailsElement) {
      const entry = at.closest(".entry");
      if (entry && entry.hidden && form) {
        form.reset();
        filter();
      }
      at.open = true;
      at.scrollIntoView();
    }
  };
  const printedOpen = list && list.classList.contains("prints-open");
  const entries = list ? Array.from(list.children) : [];
  const texts = new Map();
  const fields = ["rule", "payer", "provider", "severity", "class"].map((name) => ({
    control: document.getElementById("f-" + name),
    attribute: { rule: "rules", payer: "payer", provider: "providers", severity: "severities", class: "classes" }[name],
    many: name !== "payer",
  }));
  const search = document.getElementById("f-text");
  const shown = document.getElementById("shown");
  const textOf = (entry) => {
    if (!texts.has(entry)) texts.set(entry, entry.textContent.toLowerCase());
    return texts.get(entry);
  };
  const fits = (entry) => fields.every(({ control, attribute, many }) => {
    const wanted = control.value;
    if (wanted === "") return true;
    const has = entry.dataset[attribute];
    return many ? has.split("|").includes(wanted) : has === wanted;
  });
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const entry of entries) {
      const fit = fits(entry) && words.every((word) => textOf(entry).includes(word));
      entry.hidden = !fit;
      count += fit ? 1 : 0;
    }
    list.classList.toggle("prints-open", printedOpen || count <= 50);
    shown.textContent = count === entries.length
      ? "All " + count + " shown."
      : count + " of " + entries.length + " shown.";
  };
  if (form && list) {
    form.hidden = false;
    let waiting = 0;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(filter, 120);
    });
    form.addEventListener("change", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(filter, 0));
    const all = (state) => () => {
      for (const entry of entries) if (!entry.hidden) entry.querySelector("details").open = state;
    };
    document.getElementById("open-all").addEventListener("click", all(true));
    document.getElementById("close-all").addEventListener("click", all(false));
    filter();
  }
  window.addEventListener("hashchange", open);
  open();
})();
