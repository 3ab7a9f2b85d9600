// Picks the language, and fetches its words beside the module.
import init from "{{app.js}}";

const messages = { en: "{{en.ftl}}", de: "{{de.ftl}}", es: "{{es.ftl}}", ar: "{{ar.ftl}}" };
let chosen = null;
try {
  chosen = localStorage.getItem("imagasaur.language");
} catch {
  // Without storage nothing was chosen.
}
const wanted = [chosen, ...navigator.languages].map((tag) => tag?.split("-")[0]);
const language = wanted.find((tag) => Object.hasOwn(messages, tag)) ?? "en";
document.documentElement.lang = language;
document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
const module = fetch("{{app.wasm}}");
globalThis.words = await (await fetch(messages[language])).text();
await init({ module_or_path: module });
