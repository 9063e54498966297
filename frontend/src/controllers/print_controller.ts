// <button data-controller="print" data-action="print#print">Print</button>
import { Controller } from "@hotwired/stimulus";

export default class PrintController extends Controller<HTMLElement> {
  print(): void {
    window.print();
  }
}
