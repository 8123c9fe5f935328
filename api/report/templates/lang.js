"use strict";
(() => {
  const root = document.documentElement;
  const remember = (lang) => { try { localStorage.setItem("diting.lang", lang); } catch { /* storage may be off */ } };
  const remembered = () => { try { return localStorage.getItem("diting.lang"); } catch { return null; } };
  const buttons = [...document.querySelectorAll("button[data-lang]")];
  const show = (lang) => {
    root.lang = lang;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
  };
  const known = buttons.map((button) => button.dataset.lang);
  show(known.includes(remembered()) ? remembered() : root.lang);
  for (const button of buttons) {
    button.addEventListener("click", () => { show(button.dataset.lang); remember(button.dataset.lang); });
  }
})();
