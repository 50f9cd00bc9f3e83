// <data-grid>: selection with live sums, row opening and list keys (j k x Enter e f).
import { word } from "../words.js";

const MINUS = "−";
const won = (amount) => (amount < 0n ? MINUS : "") + (amount < 0n ? -amount : amount).toLocaleString("ko-KR");

class DataGrid extends HTMLElement {
  connectedCallback() {
    this.abort = new AbortController();
    const options = { signal: this.abort.signal };
    this.addEventListener("click", (event) => this.onClick(event), options);
    this.addEventListener("change", (event) => this.onChange(event), options);
    document.addEventListener("keydown", (event) => this.onKey(event), options);
    this.refresh();
  }

  disconnectedCallback() {
    this.abort.abort();
  }

  get picks() {
    return [...this.querySelectorAll("[data-pick]")];
  }

  get all() {
    return this.querySelector("[data-all]");
  }

  onClick(event) {
    if (event.target.matches("[data-pick-page]")) this.pickPage(event.target.checked);
    else if (event.target.closest("[data-pick-all]")) this.pickAll();
    else if (event.target.closest("[data-pick-none]")) this.pickPage(false);
    else if (event.target.matches("[data-pick]")) this.pickRange(event);
    else this.openRow(event);
    if (event.target.closest(".row-link")) this.mark(event.target.closest("[data-row]"));
  }

  onChange(event) {
    if (event.target.matches(".filter-many [type=checkbox]")) this.found(event.target);
    this.refresh();
  }

  // What was typed to find a value is no value of its own once something found is ticked.
  found(box) {
    const finder = box.closest(".filter-many").querySelector("[data-finds]");
    if (finder && box.checked) finder.value = "";
  }

  mark(row) {
    this.current?.classList.remove("is-current");
    row?.classList.add("is-current");
  }

  pickPage(on) {
    for (const pick of this.picks) pick.checked = on;
    this.all.value = "";
    this.refresh();
  }

  pickAll() {
    for (const pick of this.picks) pick.checked = true;
    this.all.value = "1";
    this.refresh();
  }

  pickRange(event) {
    const picks = this.picks;
    const here = picks.indexOf(event.target);
    if (event.shiftKey && this.last !== undefined) {
      const [from, to] = [this.last, here].sort((a, b) => a - b);
      for (const pick of picks.slice(from, to + 1)) pick.checked = event.target.checked;
    }
    this.last = here;
    if (!event.target.checked) this.all.value = "";
    this.refresh();
  }

  openRow(event) {
    if (event.target.closest("a, button, input, label, summary, select")) return;
    if (String(window.getSelection())) return;
    const link = event.target.closest("[data-row]")?.querySelector(".row-link");
    link?.focus({ preventScroll: true });
    link?.click();
  }

  refresh() {
    const bar = this.querySelector("[data-selection]");
    if (!bar) return;
    const picked = this.picks.filter((pick) => pick.checked);
    const everything = this.all.value === "1";
    for (const pick of this.picks) pick.closest("tr").classList.toggle("is-picked", pick.checked);
    bar.hidden = picked.length === 0;
    this.querySelector("[data-selection-hint]").hidden = picked.length > 0;
    const total = this.querySelector("[data-count]")?.textContent ?? "";
    bar.querySelector("[data-selected]").textContent = everything ? total : picked.length.toLocaleString("ko-KR");
    for (const output of bar.querySelectorAll("[data-selected-sum]")) {
      output.textContent = this.sum(output.dataset.selectedSum, picked, everything);
    }
    for (const button of this.querySelectorAll("[data-needs-selection]")) {
      button.disabled = picked.length === 0;
      button.title = picked.length === 0 ? word("selectFirst") : "";
    }
    const page = this.querySelector("[data-pick-page]");
    if (page) {
      page.checked = picked.length > 0 && picked.length === this.picks.length;
      page.indeterminate = picked.length > 0 && !page.checked;
    }
  }

  sum(key, picked, everything) {
    if (everything) {
      const total = this.querySelector(`[data-total="${key}"]`)?.dataset.value;
      return total === undefined ? word("addingUp") : won(BigInt(total));
    }
    let sum = 0n;
    for (const pick of picked) {
      const cell = pick.closest("tr").querySelector(`[data-sum="${key}"]`);
      if (cell) sum += BigInt(cell.dataset.value);
    }
    return won(sum);
  }

  onKey(event) {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog, button, summary")) return;
    const act = { j: () => this.move(1), k: () => this.move(-1), x: () => this.toggle(), Enter: () => this.open(event) }[event.key];
    if (act) act();
  }

  get rows() {
    return [...this.querySelectorAll("[data-row]")];
  }

  get current() {
    return this.querySelector("[data-row].is-current");
  }

  move(step) {
    const rows = this.rows;
    const next = rows[Math.min(Math.max(rows.indexOf(this.current) + step, 0), rows.length - 1)];
    this.mark(next);
    next?.scrollIntoView({ block: "nearest" });
    (next?.querySelector(".row-link") ?? next?.querySelector("[data-pick]"))?.focus({ preventScroll: true });
  }

  toggle() {
    this.current?.querySelector("[data-pick]")?.click();
  }

  open(event) {
    if (event.target.closest("a")) return;
    this.current?.querySelector(".row-link")?.click();
  }
}

customElements.define("data-grid", DataGrid);
