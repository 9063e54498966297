import { describe, expect, it } from "vitest";
import { equipmentOf, numberIn } from "./codes";

const C3 = { ref: "aa".repeat(16), number: "C3", name: "Conveyor 3", kind: "conveyor", place: "" };
const directory = { people: [], equipment: [C3] };

describe("equipmentOf", () => {
  it("knows a machine by the code on it and by its number, however it is typed", () => {
    expect(equipmentOf(`tanghulu:equipment:${C3.ref}`, directory)).toBe(C3);
    expect(equipmentOf(" c3 ", directory)).toBe(C3);
  });
  it("knows no other code", () => {
    expect(equipmentOf(`tanghulu:equipment:${"bb".repeat(16)}`, directory)).toBeUndefined();
    expect(equipmentOf("C4", directory)).toBeUndefined();
    expect(equipmentOf("C3", undefined)).toBeUndefined();
  });
});

describe("numberIn", () => {
  it("is the text, or the last part of an address", () => {
    expect(numberIn(" 0231 ")).toBe("0231");
    expect(numberIn("https://locks.example/t/0231")).toBe("0231");
    expect(numberIn("https://locks.example/?id=0231")).toBe("0231");
  });
});
