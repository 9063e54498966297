// The office pages: htmx, and one controller for each behaviour.
import { Application } from "@hotwired/stimulus";
import htmx from "htmx.org";
import AwakeController from "../controllers/awake_controller";
import EnrolController from "../controllers/enrol_controller";
import FilmController from "../controllers/film_controller";
import InspectController from "../controllers/inspect_controller";
import LiveController from "../controllers/live_controller";
import MentionController from "../controllers/mention_controller";
import PairController from "../controllers/pair_controller";
import PasskeyController from "../controllers/passkey_controller";
import PrintController from "../controllers/print_controller";
import ReplayController from "../controllers/replay_controller";
import ReviewController from "../controllers/review_controller";
import RevokeController from "../controllers/revoke_controller";
import ShortcutController from "../controllers/shortcut_controller";
import SkewerController from "../controllers/skewer_controller";
import ToastController from "../controllers/toast_controller";
import WallController from "../controllers/wall_controller";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
// "Nothing new" is an answer that leaves the page as it is.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "304", swap: false },
  { code: "[23]..", swap: true },
  { code: "[45]..", swap: false, error: true },
];

const application = Application.start();
application.register("awake", AwakeController);
application.register("enrol", EnrolController);
application.register("film", FilmController);
application.register("inspect", InspectController);
application.register("live", LiveController);
application.register("mention", MentionController);
application.register("pair", PairController);
application.register("passkey", PasskeyController);
application.register("print", PrintController);
application.register("replay", ReplayController);
application.register("review", ReviewController);
application.register("revoke", RevokeController);
application.register("shortcut", ShortcutController);
application.register("skewer", SkewerController);
application.register("toast", ToastController);
application.register("wall", WallController);
