// The console works without this file; these elements make it quicker to use.
import "./elements/data-grid.js";
import "./elements/side-panel.js";
import "./elements/modal-sheet.js";
import "./elements/column-list.js";
import "./elements/file-drop.js";
import "./elements/invoice-lines.js";
import "./elements/preferences.js";
import "./elements/formula-editor.js";
import "./page.js";
