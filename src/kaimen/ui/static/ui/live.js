// Keeps the live parts of a page fresh (hx-get with "every …"), sparingly and without disturbing the reader.
// htmx swaps by morphing, so that focus, scroll and open details stay; base.html says how it is configured.

const versions = new Map(); // address → ETag of what is shown

function sayLate(late) {
  const words = document.getElementById("late");
  if (words) words.hidden = !late;
}

function polls(ctx) {
  return ctx.sourceEvent?.type === "every";
}

// Nobody looks: ask nothing. An unchanged answer costs the server one version row and sends no page.
function beforeRequest(event) {
  const { ctx } = event.detail;
  if (!polls(ctx)) return;
  if (document.hidden) {
    event.preventDefault();
    return;
  }
  const version = versions.get(ctx.request.action);
  if (version) ctx.request.headers["If-None-Match"] = version;
}

function beforeResponse(event) {
  const { ctx } = event.detail;
  if (!polls(ctx)) return;
  if (ctx.response.raw.redirected) {
    event.preventDefault(); // signed out: the sign-in page belongs to the whole window
    location.reload();
    return;
  }
  const { status, headers } = ctx.response;
  sayLate(status >= 400);
  if (status === 200 && headers.get("ETag")) versions.set(ctx.request.action, headers.get("ETag"));
}

// The network is gone: the last figures stay, and the page says that they are old.
function failed(event) {
  const { ctx } = event.detail;
  if (ctx && polls(ctx)) sayLate(true);
}

if (document.querySelector("[hx-get], [hx-post]")) {
  document.addEventListener("htmx:before:request", beforeRequest);
  document.addEventListener("htmx:before:response", beforeResponse);
  document.addEventListener("htmx:error", failed);
  await import("htmx.org");
}

// After a form came back with mistakes, reading starts at the list of them.
document.getElementById("mistakes")?.focus();
