// <column-list>: buttons that move a column; the order of the boxes is the order of the table.
import { word } from "../words.js";

class ColumnList extends HTMLElement {
  connectedCallback() {
    for (const label of this.querySelectorAll("label")) label.append(this.mover(label));
  }

  mover(label) {
    const span = document.createElement("span");
    span.className = "move";
    span.append(this.button(word("up"), () => label.previousElementSibling?.before(label)));
    span.append(this.button(word("down"), () => label.nextElementSibling?.after(label)));
    return span;
  }

  button(text, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      act();
      button.focus();
    });
    return button;
  }
}

customElements.define("column-list", ColumnList);
