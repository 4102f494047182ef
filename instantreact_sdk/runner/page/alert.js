// Previews and scanners that run scripts look at pages that nobody sees, or are driven by programs: they acknowledge nothing.
let asked = false;
function ask() {
  if (asked || document.prerendering || document.visibilityState !== "visible") return;
  asked = true;
  document.forms[0].submit();
}
if (!navigator.webdriver) {
  document.addEventListener("visibilitychange", ask);
  document.addEventListener("prerenderingchange", ask);
  ask();
}
