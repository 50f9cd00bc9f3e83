// What scripts say, in the language of the page (templates/console/components/words.html).
const words = document.getElementById("words")?.dataset ?? {};

export const word = (name) => words[name] ?? "";
