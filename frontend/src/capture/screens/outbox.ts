// What has been sent, in words: what waits, what the server refused and why, and that nothing is lost.
import type { Outgoing, Shot } from "../../lib/idb-store";
import { tryAgain } from "../../lib/sync";
import type { App } from "../app";
import { icon } from "../icons";
import type { Pictures } from "../pictures";
import { type Child, h, type Node_ } from "../view";
import { actName } from "../words";
import { codes as known } from "../words/codes";
import { page } from "./frame";

const LATEST = 60;

interface Row {
  key: string;
  at: string;
  title: string;
  stuck: boolean;
  forked: boolean;
  state: string;
  reason: string;
  next?: string;
  picture?: string | undefined;
}

/** The server's own sentence where it gave one, else ours for its code. */
function reasonWords(app: App, item: Outgoing | Shot): string {
  if (item.reason === undefined) return "";
  const { code, message } = item.reason;
  return Object.hasOwn(known, code) ? app.words.codes([code]) : message || code;
}

function titleOf(app: App, item: Outgoing): string {
  const step = app.job(item.payload.run ?? "")?.template.steps.get(item.payload.step ?? "")?.step;
  return [actName(app.words, item.payload.type), app.words.text(step?.title)].filter(Boolean).join(" · ");
}

function rows(app: App, pictures: Pictures): Row[] {
  const { t, clock } = app.words;
  const now = app.clock.now();
  return app.state.outbox.map((item) => {
    const shot = app.state.shots.find((one) => one.dseq === item.dseq);
    const lagging = item.state === "accepted" && shot !== undefined && shot.state !== "stored" ? shot : undefined;
    const about = lagging ?? item;
    const done = item.state === "accepted" && lagging === undefined;
    const stuck = about.reason !== undefined;
    const state = done
      ? t("outbox_state_accepted")
      : t(lagging === undefined ? "outbox_state_waiting" : "outbox_state_photo");
    return {
      key: String(item.dseq),
      at: item.payload.claimed_at,
      title: titleOf(app, item),
      stuck,
      forked: item.state === "forked",
      state,
      reason: reasonWords(app, about),
      picture: shot === undefined ? undefined : pictures.url(shot.commitment, [shot]),
      ...(!done && about.next_at > now ? { next: clock(about.next_at) } : {}),
    };
  });
}

function drawn(app: App, row: Row): Node_ {
  const { t, clock } = app.words;
  const done = row.state === t("outbox_state_accepted");
  return h(
    `li.out${row.stuck ? ".out-stuck" : ""}`,
    { key: row.key },
    row.picture === undefined
      ? h("span.out-mark", {}, icon(row.stuck ? "alarm" : done ? "check" : "up"))
      : h("img.out-picture", { src: row.picture, alt: "" }),
    h(
      "div.row-words",
      {},
      h("span.row-title", {}, row.title),
      h(
        "span.row-note",
        {},
        clock(row.at),
        " · ",
        row.state,
        row.next === undefined ? "" : ` · ${t("outbox_next", { time: row.next })}`,
      ),
      row.stuck &&
        h("span.out-reason", {}, row.forked ? t("outbox_forked") : t("outbox_refused", { reason: row.reason })),
    ),
  );
}

export function outboxScreen(app: App, pictures: Pictures): Child[] {
  const { t } = app.words;
  const { counts } = app.state;
  const all = rows(app, pictures).reverse();
  const accepted = t("outbox_state_accepted");
  const open = all.filter((row) => row.stuck || row.state !== accepted);
  const done = all.filter((row) => !row.stuck && row.state === accepted).slice(0, LATEST);
  const again = async () => {
    await tryAgain(app.store);
    await app.refresh();
    app.wake();
  };
  return page(app, "outbox", {
    bar: { title: t("outbox_title"), back: () => history.back() },
    body: [
      h(
        "div.tiles",
        {},
        (
          [
            ["sync_kept", counts.kept],
            ["sync_sent", counts.sent],
            ["sync_accepted", counts.accepted],
          ] as const
        ).map(([word, n]) => h("p.tile", { key: word }, h("b", {}, n), t(word))),
      ),
      h("p.quiet", {}, t("outbox_explain")),
      open.length === 0
        ? h("p.say-good", {}, icon("check"), t("outbox_none"))
        : h("h2.heading", {}, t("outbox_waiting", { n: open.length })),
      counts.stuck > 0 && h("p.quiet", {}, t("outbox_others")),
      h(
        "ul.outs",
        {},
        open.map((row) => drawn(app, row)),
      ),
      done.length > 0 && h("h2.heading", {}, accepted),
      h(
        "ul.outs",
        {},
        done.map((row) => drawn(app, row)),
      ),
    ],
    action:
      open.length > 0 &&
      h(
        "button.big.big-plain",
        { type: "button", on: { click: () => void again() } },
        icon("again"),
        h("span", {}, t("outbox_again")),
      ),
  });
}
