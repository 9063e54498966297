// The verifier's page. It is bundled into one file, verify.html, which works from a disk without any network.
import { Page } from "../verify/page";

const root = document.querySelector("main");
if (root !== null) new Page(root, navigator.languages);
