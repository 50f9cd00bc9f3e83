// <formula-editor>: formulas as text that reads as chips. A name from the palette goes to the caret;
// typing a name, its word or @ offers names to choose with the arrow keys and Enter.
// The text is what counts and is posted; without this file it is written by hand.
import { word } from "../words.js";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const TYPED = /@?[A-Za-z0-9_가-힣]*$/;
const FUNCTIONS = new Map([["ROUND", word("round")], ["ROUND_UP", word("roundUp")], ["ROUND_DOWN", word("roundDown")]]);
const OFFERED = 8;

class FormulaEditor extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-insert]");
      if (button) insert(areaOf(button), button.dataset.insert, 0);
      const reset = event.target.closest("[data-resets]");
      if (reset) replace(areaOf(reset), reset.dataset.resets);
    });
    for (const field of this.querySelectorAll("fieldset[data-formula]")) new FormulaField(field);
  }
}

class FormulaField {
  constructor(field) {
    this.area = field.querySelector("textarea");
    this.names = new Map(FUNCTIONS);
    for (const button of field.querySelectorAll("[data-insert]")) {
      if (NAME.test(button.dataset.insert)) this.names.set(button.dataset.insert, button.dataset.label);
    }
    this.chips = element("p", { className: "formula-chips" });
    this.chips.setAttribute("aria-hidden", "true");
    this.list = element("ul", { className: "formula-offers", id: `${this.area.name}-offers`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", word("usable"));
    this.area.setAttribute("aria-autocomplete", "list");
    this.area.setAttribute("aria-controls", this.list.id);
    this.area.after(this.list, this.chips);
    this.area.addEventListener("input", () => { this.draw(); this.offer(); });
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.area.addEventListener("blur", () => this.close());
    // mousedown, not click: the text must keep its caret
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const offer = event.target.closest("li");
      if (offer) this.choose(offer);
    });
    this.draw();
  }

  draw() {
    const words = this.area.value.match(/[A-Za-z_][A-Za-z0-9_]*|[0-9.]+|\S/g) || [];
    this.chips.replaceChildren(...words.map((word) => this.chip(word)));
  }

  chip(word) {
    const label = this.names.get(word);
    if (label) return element("span", { className: FUNCTIONS.has(word) ? "chip is-function" : "chip", textContent: label });
    const unknown = NAME.test(word) ? "chip is-unknown" : "";
    return element("span", { className: unknown, textContent: { "*": "×", "-": "−" }[word] || word });
  }

  offer() {
    const typed = this.typed().replace("@", "");
    const all = this.typed().startsWith("@");
    const wanted = typed.toUpperCase();
    const fits = ([name, label]) => name.includes(wanted) || label.replaceAll(" ", "").toUpperCase().includes(wanted);
    const found = all || typed ? [...this.names].filter(fits) : [];
    if (!found.length || (found.length === 1 && found[0][0] === typed)) return this.close();
    this.list.replaceChildren(...found.slice(0, all ? found.length : OFFERED).map(([name, label], at) => {
      const offer = element("li", { id: `${this.list.id}-${at}`, textContent: label });
      offer.dataset.name = name;
      offer.setAttribute("role", "option");
      offer.append(element("span", { className: "hint code", textContent: ` ${name}` }));
      return offer;
    }));
    this.list.hidden = false;
    this.mark(this.list.firstElementChild);
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const offers = [...this.list.children];
    const at = offers.findIndex((offer) => offer.ariaSelected === "true");
    if (event.key === "ArrowDown") this.mark(offers[(at + 1) % offers.length]);
    else if (event.key === "ArrowUp") this.mark(offers.at(at - 1));
    else if (event.key === "Enter" || event.key === "Tab") this.choose(offers[at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  mark(marked) {
    for (const offer of this.list.children) offer.ariaSelected = String(offer === marked);
    this.area.setAttribute("aria-activedescendant", marked.id);
    marked.scrollIntoView({ block: "nearest" });
  }

  choose(offer) {
    const opens = FUNCTIONS.has(offer.dataset.name) ? "(" : "";
    insert(this.area, offer.dataset.name + opens, this.typed().length);
    this.close();
  }

  close() {
    this.list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  typed() {
    return this.area.value.slice(0, this.area.selectionStart).match(TYPED)[0];
  }
}

function areaOf(button) {
  return button.closest("fieldset").querySelector("textarea");
}

function insert(area, text, replaced) {
  const start = area.selectionStart - replaced;
  const before = area.value.slice(0, start);
  const space = before && !/[\s(]$/.test(before) ? " " : "";
  area.setRangeText(`${space}${text}`, start, area.selectionEnd, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function replace(area, text) {
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

customElements.define("formula-editor", FormulaEditor);
