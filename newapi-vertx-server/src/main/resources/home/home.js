"use strict";

const show = (id, text) => {
  document.getElementById(id).textContent = text;
};

show("origin", location.origin);
show("status", "asking ...");
fetch("api/status", { headers: { Accept: "application/json" }, cache: "no-store" })
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
  .then(({ success, data }) => {
    show("status", success ? "serving" : "not serving");
    if (success && data && data.system_name) {
      show("name", data.system_name);
      document.title = data.system_name;
    }
    if (success && data && data.version) {
      show("version", data.version);
    }
  })
  .catch(() => show("status", "not serving"));
