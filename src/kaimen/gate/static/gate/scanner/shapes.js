/* The shapes of a status, as ui/components/shape.html draws them. */
const shape = (kind, outline, sign) =>
  `<g class="sh-${kind}" stroke-width="1.8" stroke-linejoin="round">${outline}</g><g class="gl-${kind}" fill="none" stroke-width="2.8" stroke-linecap="square">${sign}</g>`;

export const SHAPES = {
  go: shape("go", '<circle cx="12" cy="12" r="10"/>', '<path d="M7 12.5l3.4 3.4L17 9"/>'),
  care: shape("care", '<path d="M12 2.2 22.6 21H1.4Z"/>', '<path d="M12 9.6v3.2M12 17.6v.1"/>'),
  stop: shape("stop", '<path d="M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9Z"/>', '<path d="M7 12h10"/>'),
  none: shape("none", '<path d="M12 .4 23.6 12 12 23.6.4 12Z" stroke-dasharray="3.4 2.2"/>', '<path d="M8.5 12h7"/>'),
};
