// <invoice-lines>: amounts follow from quantity and unit price, totals from the lines.
// The server computes the same for what is left empty.

const number = (input) => {
  const text = input.value.replace(/,/g, "").replace("−", "-").trim();
  return /^-?\d+(\.\d{1,2})?$/.test(text) ? text : "";
};
const grouped = (won) => won.toString().replace(/\B(?=(\d{3})+$)/g, ",");

// Exact: hundredths as BigInt, what is below a won dropped.
const hundredths = (text) => {
  const [whole, part = ""] = text.replace("-", "").split(".");
  const value = BigInt(whole + part.padEnd(2, "0"));
  return text.startsWith("-") ? -value : value;
};

class InvoiceLines extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", (event) => this.follow(event.target));
    this.form = this.closest("form");
    this.form.addEventListener("change", (event) => {
      if (event.target.name !== "taxation_type") return;
      for (const row of this.rows()) this.tax(row);
      this.sum();
    });
    for (const row of this.rows()) for (const name of ["supply", "tax", "unit_cost"]) this.show(this.field(row, name));
    this.sum();
  }

  rows() {
    return this.querySelectorAll("tbody tr");
  }

  field(row, name) {
    return row.querySelector(`.of-${name} input`);
  }

  follow(input) {
    const row = input.closest("tbody tr");
    if (!row) return;
    const name = input.closest("td").className.match(/of-(\w+)/)[1];
    if (name === "quantity" || name === "unit_cost") this.supply(row);
    if (name === "supply") this.tax(row);
    if (name === "supply" || name === "tax") this.show(input);
    this.sum();
  }

  supply(row) {
    const quantity = number(this.field(row, "quantity"));
    const cost = number(this.field(row, "unit_cost"));
    if (!quantity || !cost) return;
    this.set(row, "supply", (hundredths(quantity) * hundredths(cost)) / 10000n);
    this.tax(row);
  }

  tax(row) {
    const supply = number(this.field(row, "supply"));
    if (!supply) return;
    const kind = this.form.querySelector("[name=taxation_type]:checked")?.value;
    this.set(row, "tax", kind === "TAXABLE" ? BigInt(supply) / 10n : 0n);
  }

  set(row, name, won) {
    this.field(row, name).value = grouped(won);
  }

  show(input) {
    const value = number(input);
    if (value && !value.includes(".")) this.rewrite(input, grouped(BigInt(value)));
  }

  // Groups count from the right, so what stands behind the caret stays as it is.
  rewrite(input, text) {
    const behind = input.value.length - input.selectionEnd;
    input.value = text;
    const caret = Math.max(text.length - behind, 0);
    if (input === document.activeElement) input.setSelectionRange(caret, caret);
  }

  sum() {
    const totals = { supply: 0n, tax: 0n };
    for (const row of this.rows()) {
      for (const name of Object.keys(totals)) totals[name] += BigInt(number(this.field(row, name)).split(".")[0] || 0);
    }
    totals.total = totals.supply + totals.tax;
    for (const output of this.querySelectorAll("[data-sum]")) {
      output.value = grouped(totals[output.dataset.sum]).replace("-", "−");
    }
  }
}

customElements.define("invoice-lines", InvoiceLines);
