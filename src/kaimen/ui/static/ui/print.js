/* "Print" buttons: without JavaScript the browser's own menu prints the same page. */
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
