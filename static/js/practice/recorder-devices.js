/* Microphone and camera: choosing them, how loud it is, and why there is none. */

const TYPES = {
  audio: [
    "audio/webm;codecs=opus",
    "audio/mp4;codecs=mp4a.40.2",
    "audio/mp4",
    "audio/ogg;codecs=opus",
    "audio/webm",
  ],
  video: [
    "video/webm;codecs=vp9,opus",
    "video/webm;codecs=vp8,opus",
    "video/webm",
    "video/mp4;codecs=avc1.42E01E,mp4a.40.2",
    "video/mp4",
  ],
};
const CAUSES = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};
const PICTURE = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 24, max: 30 },
};
const QUIET = 0.15;
const LOUD = 0.95;

/** Return why this browser cannot record at all, or null. */
export function obstacle() {
  if (!window.isSecureContext) return "insecure";
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return "unsupported";
  return null;
}

/** Return the first type that this browser can record in a mode; "" leaves the choice to it. */
export function recordingType(mode) {
  return TYPES[mode].find((type) => MediaRecorder.isTypeSupported(type)) ?? "";
}

/** Return why recording is not possible; where a device is missing, which one. */
export async function causeOf(error, mode) {
  const cause = CAUSES[error?.name] ?? "unsupported";
  if (cause !== "none" || mode !== "video") return cause;
  const found = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return found.some((each) => each.kind === "videoinput") ? "none" : "no-camera";
}

export class Devices {
  /** `microphone` and `camera` are the lists to choose from; without the latter there is no picture. */
  constructor(microphone, camera = null) {
    this.microphone = microphone;
    this.camera = camera;
  }

  /** Open the chosen devices; one that is gone since it was chosen is replaced by the usual one. */
  async open() {
    if (this.stream?.active && this.opened === this.chosen()) return this.stream;
    this.close();
    try {
      this.stream = await navigator.mediaDevices.getUserMedia(this.wanted());
    } catch (error) {
      if (error.name !== "OverconstrainedError" || !this.chosen()) throw error;
      for (const list of [this.microphone, this.camera]) if (list) list.value = "";
      this.stream = await navigator.mediaDevices.getUserMedia(this.wanted());
    }
    this.opened = this.chosen();
    await this.list();
    return this.stream;
  }

  chosen() {
    return this.microphone.value + (this.camera?.value ?? "");
  }

  /** The loudness and its changes are measured, so nothing may be evened out on the way. */
  wanted() {
    const one = (list) => (list.value ? { deviceId: { exact: list.value } } : {});
    return {
      audio: {
        ...one(this.microphone),
        autoGainControl: false,
        noiseSuppression: false,
        echoCancellation: false,
      },
      ...(this.camera && { video: { ...PICTURE, facingMode: "user", ...one(this.camera) } }),
    };
  }

  /** Name the devices; browsers tell them only once one may be used. */
  async list() {
    const found = await navigator.mediaDevices.enumerateDevices();
    fill(this.microphone, found.filter((each) => each.kind === "audioinput"));
    if (this.camera) fill(this.camera, found.filter((each) => each.kind === "videoinput"));
    this.opened = this.chosen();
  }

  /** Call `show(level, word)` ten times a second; level is 0 to 1 on a scale of decibels. */
  meter(show) {
    this.context ??= new AudioContext();
    this.context.resume();
    const source = this.context.createMediaStreamSource(this.stream);
    const analyser = new AnalyserNode(this.context, { fftSize: 2048 });
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    window.clearInterval(this.timer);
    this.timer = window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      const level = Math.min(1, Math.max(0, 1 + (20 * Math.log10(peak + 1e-6)) / 60));
      show(level, level < QUIET ? "quiet" : level > LOUD ? "loud" : "good");
    }, 100);
  }

  close() {
    window.clearInterval(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }
}

/** Offer devices in a list after its first entry, and keep what was chosen. */
function fill(list, devices) {
  const named = devices.filter((each) => each.deviceId && each.label);
  const chosen = list.value;
  list.replaceChildren(list.options[0], ...named.map((each) => new Option(each.label, each.deviceId)));
  list.value = named.some((each) => each.deviceId === chosen) ? chosen : "";
}
