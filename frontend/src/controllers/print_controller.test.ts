import { Application } from "@hotwired/stimulus";
import { afterEach, expect, it } from "vitest";
import PrintController from "./print_controller";

const print = window.print;
afterEach(() => {
  window.print = print;
});

it("prints the page", async () => {
  let printed = 0;
  window.print = () => {
    printed += 1;
  };
  document.body.innerHTML = `<button data-controller="print" data-action="print#print">Print</button>`;
  const application = Application.start();
  application.register("print", PrintController);
  await Promise.resolve();
  document.querySelector("button")?.click();
  application.stop();
  expect(printed).toBe(1);
});
