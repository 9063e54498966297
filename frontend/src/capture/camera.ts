// The camera: one running picture, a photo of full size from it, a small one to show, and a hint about its quality.
import type { Bytes } from "../lib/encoding";
import { judge, LONG_EDGE, type Quality } from "./quality";

export type CameraState = "off" | "starting" | "live" | "denied" | "none";

const PHOTO_QUALITY = 0.92;
const THUMBNAIL_EDGE = 240;
const WIDEST = 4096;

export interface Picture {
  bytes: Bytes;
  media_type: string;
  thumbnail: Bytes;
  /** Absent where the picture cannot be shown here. */
  quality?: Quality;
}

function scaled(source: CanvasImageSource, width: number, height: number, edge: number): HTMLCanvasElement {
  const scale = Math.min(1, edge / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: edge === LONG_EDGE });
  if (context === null) throw new Error("no canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function jpeg(canvas: HTMLCanvasElement, quality: number): Promise<Bytes> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
  if (blob === null) throw new Error("no picture");
  return new Uint8Array(await blob.arrayBuffer());
}

function qualityOf(source: CanvasImageSource, width: number, height: number): Quality {
  const canvas = scaled(source, width, height, LONG_EDGE);
  const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height);
  if (pixels === undefined) throw new Error("no canvas");
  return judge(pixels.data, canvas.width, canvas.height);
}

/** A photo of what the camera shows now. */
async function fromVideo(video: HTMLVideoElement): Promise<Picture> {
  const { videoWidth: width, videoHeight: height } = video;
  const full = scaled(video, width, height, WIDEST);
  return {
    bytes: await jpeg(full, PHOTO_QUALITY),
    media_type: "image/jpeg",
    thumbnail: await jpeg(scaled(full, full.width, full.height, THUMBNAIL_EDGE), 0.8),
    quality: qualityOf(full, full.width, full.height),
  };
}

/** What can be seen of a picture in a file, decoded beside the page so that a large one does not hold it up. */
export async function lookAt(file: Blob): Promise<{ thumbnail: Bytes; quality: Quality }> {
  const image = await createImageBitmap(file, { resizeWidth: LONG_EDGE, resizeQuality: "medium" });
  try {
    const thumbnail = await jpeg(scaled(image, image.width, image.height, THUMBNAIL_EDGE), 0.8);
    return { thumbnail, quality: qualityOf(image, image.width, image.height) };
  } finally {
    image.close();
  }
}

export class Camera {
  state: CameraState = "off";
  torch: "none" | "off" | "on" = "none";
  private stream: MediaStream | undefined;
  private wanted = false;
  private video: HTMLVideoElement | undefined;
  private paused: HTMLVideoElement | undefined;

  constructor(private readonly changed: () => void) {}

  /** Shows the camera in this element until `stop`; it is live once there is a picture to take. */
  async show(video: HTMLVideoElement): Promise<void> {
    this.video = video;
    this.wanted = true;
    if (this.stream === undefined) await this.open();
    if (this.stream === undefined || this.video !== video) return;
    video.srcObject = this.stream;
    await video.play().catch(() => undefined);
    if (video.videoWidth === 0) await new Promise((done) => video.addEventListener("loadeddata", done, { once: true }));
    if (this.video === video) this.become("live");
  }

  private async open(): Promise<void> {
    if (navigator.mediaDevices?.getUserMedia === undefined) return this.become("none");
    this.become("starting");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: { ideal: "environment" }, width: { ideal: 2560 }, height: { ideal: 1920 } },
      });
      // The screen may have been left while the question was open, or another one have asked as well.
      if (!this.wanted || this.stream !== undefined) return release(stream);
      this.stream = stream;
      const [track] = stream.getVideoTracks();
      const able = track?.getCapabilities?.() as { torch?: boolean } | undefined;
      this.torch = able?.torch === true ? "off" : "none";
      track?.addEventListener("ended", () => this.stop());
    } catch (error) {
      this.become(error instanceof DOMException && error.name === "NotAllowedError" ? "denied" : "none");
    }
  }

  private become(state: CameraState): void {
    this.state = state;
    this.changed();
  }

  /** Gives the camera back: other apps want it, and it costs battery. An element that goes stops only its own. */
  stop(shown?: HTMLElement): void {
    if (shown !== undefined && shown !== this.video) return;
    this.wanted = false;
    if (this.stream !== undefined) release(this.stream);
    this.stream = undefined;
    if (this.video !== undefined) this.video.srcObject = null;
    this.video = undefined;
    this.state = "off";
  }

  /** Another app is in front: the camera is given back until this one is. */
  pause(): void {
    const { video } = this;
    this.stop();
    this.paused = video;
  }

  async resume(): Promise<void> {
    const { paused } = this;
    this.paused = undefined;
    if (paused?.isConnected === true) await this.show(paused);
  }

  async switchTorch(): Promise<void> {
    const on = this.torch !== "on";
    const wish = { advanced: [{ torch: on }] } as unknown as MediaTrackConstraints;
    await this.stream
      ?.getVideoTracks()[0]
      ?.applyConstraints(wish)
      .catch(() => undefined);
    this.torch = on ? "on" : "off";
    this.changed();
  }

  /** The picture of now; the shutter is seen to be pressed before the work begins. */
  async shoot(): Promise<Picture | undefined> {
    await painted();
    if (this.state !== "live" || this.video === undefined || this.video.videoWidth === 0) return undefined;
    return fromVideo(this.video);
  }
}

function painted(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}

function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
