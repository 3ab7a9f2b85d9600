// Runs in the page: hands a request to the worker and its answer to the driver.
// An empty list as the answer means that the picture was fetched.
const [request, done] = arguments;
window.worker ??= new Worker("/worker.js", { type: "module" });
window.worker.onmessage = ({ data }) => done(data);
window.worker.onerror = (event) => done({ broken: event.message ?? "the worker did not start" });
window.worker.postMessage(request);
