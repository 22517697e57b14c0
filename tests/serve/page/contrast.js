// Return every visible text of the page whose contrast with its ground is below what WCAG 2.2 asks
// for at level AA (1.4.3): 4.5 to 1, or 3 to 1 for large text. Grounds are painted on a canvas from
// the root down, which also turns every colour syntax into red, green and blue.
() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  function painted(colours) {
    context.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  }
  function luminance(rgb) {
    const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function grounds(element) {
    const above = [];
    for (let each = element; each; each = each.parentElement) above.unshift(getComputedStyle(each).backgroundColor);
    return ["white", ...above];
  }
  function contrast(element) {
    const under = grounds(element), ground = luminance(painted(under));
    const text = luminance(painted([...under, getComputedStyle(element).color]));
    return (Math.max(ground, text) + 0.05) / (Math.min(ground, text) + 0.05);
  }
  const bad = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let n = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, style = getComputedStyle(element);
    if (!walker.currentNode.data.trim() || element.closest(".sr, script, noscript") || !element.checkVisibility()) continue;
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const needed = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5, found = contrast(element);
    n++;
    if (found < needed) bad.push(`${walker.currentNode.data.trim().slice(0, 40)}: ${found.toFixed(2)}`);
  }
  return [n, bad];
}
