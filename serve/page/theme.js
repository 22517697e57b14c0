"use strict";
// Runs before the first paint, so that a page in the chosen colours never flashes in the others.
// Without a choice the system's colours are used (prefers-color-scheme).

const THEME = "minilora.theme";

/** The chosen theme, "light" or "dark"; null without a choice, or where nothing may be stored. */
function chosenTheme() {
  try {
    const theme = localStorage.getItem(THEME);
    return theme === "light" || theme === "dark" ? theme : null;
  } catch {
    return null;
  }
}

/** Use a theme now and at later visits. */
function chooseTheme(theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(THEME, theme);
  } catch { /* nothing may be stored: it holds until the page is left */ }
}

/** Whether the page is dark now. */
function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

if (chosenTheme()) document.documentElement.dataset.theme = chosenTheme();

addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme-button");
  const show = () => button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => { chooseTheme(isDark() ? "light" : "dark"); show(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
});
