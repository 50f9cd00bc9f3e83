// <formula-editor>: a name from the list goes into its formula, where the caret is.

class FormulaEditor extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-insert]");
      if (!button) return;
      const area = button.closest("fieldset").querySelector("textarea");
      const before = area.value.slice(0, area.selectionStart);
      const space = before && !/[\s(]$/.test(before) ? " " : "";
      area.setRangeText(`${space}${button.dataset.insert}`, area.selectionStart, area.selectionEnd, "end");
      area.focus();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

customElements.define("formula-editor", FormulaEditor);
