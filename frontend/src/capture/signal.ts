// What is felt and heard: a short buzz for what was done, another for what was refused, and an alarm that goes on until
// it is answered. Which of them a person wants is set on the phone; the alarm is not to be switched off.

export interface Signals {
  vibration: boolean;
  sound: boolean;
}
export const ALL_SIGNALS: Signals = { vibration: true, sound: true };

export type Signal = "tap" | "done" | "refused" | "overdue";

const BUZZ: Record<Signal, number[]> = {
  tap: [30],
  done: [30, 50, 80],
  refused: [60, 60, 60],
  overdue: [120, 80, 120],
};
/** Tones in hertz, one after the other; a tap makes no sound. */
const TONES: Record<Signal, number[]> = { tap: [], done: [660, 880], refused: [300, 220], overdue: [520, 520] };
const TONE_S = 0.12;
const ALARM_BUZZ = [400, 150, 400, 150, 400];
const ALARM_TONES = [880, 587, 880, 587, 880, 587];
const ALARM_EVERY_MS = 2_000;

let wanted: Signals = ALL_SIGNALS;
let context: AudioContext | undefined;
let alarm: ReturnType<typeof setInterval> | undefined;

/** From now on only what the person wants. */
export function setSignals(signals: Signals): void {
  wanted = signals;
}

/** Browsers let a page sound only after somebody has touched it: the first touch makes it ready. */
export function readySound(): void {
  const wake = () => {
    context ??= typeof AudioContext === "undefined" ? undefined : new AudioContext();
    void context?.resume();
  };
  addEventListener("pointerdown", wake, { passive: true });
}

function buzz(pattern: number[]): void {
  navigator.vibrate?.(pattern);
}

function play(tones: readonly number[], loud: number): void {
  if (context === undefined || context.state !== "running") return;
  const start = context.currentTime;
  for (const [at, hertz] of tones.entries()) {
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = hertz;
    volume.gain.value = loud;
    tone.connect(volume).connect(context.destination);
    tone.start(start + at * TONE_S);
    tone.stop(start + (at + 1) * TONE_S);
  }
}

export function signal(which: Signal): void {
  if (wanted.vibration) buzz(BUZZ[which]);
  if (wanted.sound) play(TONES[which], 0.15);
}

/** Goes on until `false`. */
export function sound(isAlarm: boolean): void {
  if (isAlarm === (alarm !== undefined)) return;
  if (!isAlarm) {
    clearInterval(alarm);
    alarm = undefined;
    buzz([]);
    return;
  }
  const once = () => {
    buzz(ALARM_BUZZ);
    play(ALARM_TONES, 0.6);
  };
  once();
  alarm = setInterval(once, ALARM_EVERY_MS);
}
