/* Préau: what a script may add. Without this file every page still reads, writes and follows. */
(function () {
  "use strict";
  var page = document;
  var root = page.documentElement;
  var words = page.getElementById("mots");

  /* A polite word for screen readers. */
  function say(text) {
    var zone = page.getElementById("annonce");
    if (!zone || !text) return;
    zone.textContent = "";
    setTimeout(function () { zone.textContent = text; }, 50);
  }

  function word(name) {
    return words ? words.dataset[name] : "";
  }

  function piece(selector) {
    return words ? page.importNode(words.content.querySelector(selector), true) : null;
  }

  function warn(text) {
    var toast = piece(".toast");
    var shelf = page.getElementById("avis");
    if (!toast || !shelf) return;
    toast.querySelector("span").textContent = text;
    shelf.appendChild(toast);
    say(text);
  }

  /* Good news leaves by itself, unless someone is reading it. */
  function fade(toast) {
    if (toast.matches(":hover, :focus-within")) setTimeout(fade, 3000, toast);
    else toast.remove();
  }

  function copy(path) {
    if (!navigator.clipboard) return;
    navigator.clipboard.writeText(new URL(path, location.href).href).then(function () { say(word("copied")); });
  }

  /* Buttons that copy, open a dialog, or close what holds them. */
  page.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy], [data-dialog], [data-close]");
    if (button && button.dataset.copy) {
      copy(button.dataset.copy);
    } else if (button && button.dataset.dialog) {
      var dialog = page.getElementById(button.dataset.dialog);
      if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal(); }
    } else if (button) {
      button.closest("dialog, .toast, .note").remove();
    }
    closeMenus(event.target.closest("details.more-menu"), !!button);
  });

  /* One small menu open at a time; Escape closes it and gives the focus back. */
  function closeMenus(kept, all) {
    page.querySelectorAll("details.more-menu[open]").forEach(function (menu) {
      if (menu !== kept || all) menu.open = false;
    });
  }
  page.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && event.target.closest("details.more-menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  /* The chosen look is tried at once; the form keeps it. */
  page.addEventListener("change", function (event) {
    if (event.target.name !== "theme") return;
    if (event.target.value === "light" || event.target.value === "dark") root.dataset.theme = event.target.value;
    else delete root.dataset.theme;
  });

  /* A form with data-confirm asks first; data-consequence says what will happen, data-yes names the deed. */
  page.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.dataset.confirm || form.dataset.confirmed || !window.HTMLDialogElement) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, event.submitter);
  }, true);

  function ask(form, submitter) {
    var dialog = piece("dialog");
    dialog.querySelector("h2").textContent = form.dataset.confirm;
    dialog.querySelector("p").textContent = form.dataset.consequence || "";
    if (form.dataset.yes) dialog.querySelector("[value=yes]").textContent = form.dataset.yes;
    dialog.addEventListener("close", function () {
      var yes = dialog.returnValue === "yes";
      dialog.remove();
      if (!yes) return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    });
    page.body.appendChild(dialog);
    dialog.showModal();
  }

  /* Drafts: a form with data-draft keeps what is typed on this device, for this agent, until it was received. */
  var PREFIX = "preau:" + (root.dataset.me || "") + ":";
  var SENT = PREFIX + "sent";
  var KEPT = "textarea, input[type=text], input[type=radio], input:not([type])";

  function stored(key) {
    try { return JSON.parse(localStorage.getItem(key) || "null"); } catch (error) { return null; }
  }
  function store(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch (error) { /* private window: no draft */ }
  }
  function drop(key) {
    try { localStorage.removeItem(key); } catch (error) { /* nothing was kept */ }
  }

  function read(form) {
    var values = {};
    form.querySelectorAll(KEPT).forEach(function (field) {
      if (field.name && (field.type !== "radio" || field.checked)) values[field.name] = field.value;
    });
    return values;
  }
  function fill(form, values) {
    form.querySelectorAll(KEPT).forEach(function (field) {
      if (!(field.name in values)) return;
      if (field.type === "radio") field.checked = field.value === values[field.name];
      else field.value = values[field.name];
    });
  }
  function written(form) {
    return Array.prototype.some.call(form.querySelectorAll("textarea"), function (area) { return area.value.trim(); });
  }

  function keepDraft(form) {
    var key = PREFIX + "draft:" + form.dataset.draft;
    var draft = stored(key);
    var timer = 0;
    if (draft && !written(form)) { fill(form, draft); say(word("draft")); }
    form.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(function () { if (written(form)) store(key, read(form)); else drop(key); }, 400);
    });
    form.addEventListener("submit", function () {
      clearTimeout(timer);
      if (written(form)) store(key, read(form)); else drop(key);
      store(SENT, { key: key, at: Date.now() });
    });
  }

  /* A draft was received when the answer to its form was a redirection; a lost network leaves it in place. */
  function forgetSent() {
    var sent = stored(SENT);
    var entry = window.performance && performance.getEntriesByType("navigation")[0];
    if (sent && entry && entry.redirectCount > 0 && Date.now() - sent.at < 120000) drop(sent.key);
    drop(SENT);
  }

  /* Signing out leaves nothing of anyone on a shared machine. */
  page.addEventListener("submit", function (event) {
    if (!("forget" in event.target.dataset)) return;
    try {
      Object.keys(localStorage).forEach(function (key) { if (key.indexOf("preau:") === 0) localStorage.removeItem(key); });
    } catch (error) { /* nothing was kept */ }
  });

  /* htmx: focus goes to what replaced the focused control; a lost request is said. */
  var focused = "";
  page.addEventListener("htmx:beforeSwap", function () {
    focused = page.activeElement && page.activeElement.id;
  });
  page.addEventListener("htmx:afterSettle", function (event) {
    var lost = !page.activeElement || page.activeElement === page.body;
    var fresh = event.detail.elt;
    var heir = lost && ((focused && page.getElementById(focused)) || (fresh && fresh.querySelector("a, button, input")));
    if (heir && heir.focus) heir.focus({ preventScroll: true });
  });
  page.addEventListener("say", function (event) { say(event.detail.value); });
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach(function (name) {
    page.addEventListener(name, function () { warn(word("failed")); });
  });

  forgetSent();
  page.querySelectorAll("form[data-draft]").forEach(keepDraft);
  page.querySelectorAll("#avis .toast").forEach(function (toast) {
    say(toast.querySelector("span").textContent);
    if (!toast.classList.contains("toast--stay")) setTimeout(fade, 10000, toast);
  });
  window.preau = { say: say };
})();
