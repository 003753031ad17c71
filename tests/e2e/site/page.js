// All that the site does for its visitors' payments. Its policy enforces Trusted Types, for scripts of workers too.
const { serviceWorker } = navigator;
const own = trustedTypes.createPolicy("site", { createScriptURL: (url) => url });
const taken = new Promise((resolve) => serviceWorker.addEventListener("controllerchange", resolve));
await serviceWorker.register(own.createScriptURL("/sw.js"));
if (!serviceWorker.controller) await taken;
document.body.dataset.worker = "true";
