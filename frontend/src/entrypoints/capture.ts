// The phone: leads a worker through a job, online or not.
import { start } from "../capture/main";

const root = document.getElementById("phone");
if (root !== null) void start(root);
