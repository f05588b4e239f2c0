/* The microphone: choosing one, how loud it is, and why there is none. */

const TYPES = [
  "audio/webm;codecs=opus",
  "audio/mp4;codecs=mp4a.40.2",
  "audio/mp4",
  "audio/ogg;codecs=opus",
  "audio/webm",
];
const CAUSES = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};
const QUIET = 0.15;
const LOUD = 0.95;

/** Return why this browser cannot record at all, or null. */
export function obstacle() {
  if (!window.isSecureContext) return "insecure";
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return "unsupported";
  return null;
}

/** Return the first type that this browser can record; "" leaves the choice to it. */
export function recordingType() {
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";
}

export function causeOf(error) {
  return CAUSES[error?.name] ?? "unsupported";
}

export class Microphone {
  constructor(device) {
    this.device = device;
  }

  /** Open the chosen microphone; the loudness and its changes are measured, so nothing may be
      evened out on the way. */
  async open() {
    if (this.stream?.active && this.opened === this.device.value) return this.stream;
    this.close();
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: {
        ...(this.device.value ? { deviceId: { exact: this.device.value } } : {}),
        autoGainControl: false,
        noiseSuppression: false,
        echoCancellation: false,
      },
    });
    this.opened = this.device.value;
    await this.list();
    return this.stream;
  }

  /** Name the microphones; browsers tell them only once one may be used. */
  async list() {
    const found = (await navigator.mediaDevices.enumerateDevices()).filter(
      (each) => each.kind === "audioinput" && each.deviceId && each.label,
    );
    const chosen = this.device.value;
    const options = found.map((each) => new Option(each.label, each.deviceId));
    this.device.replaceChildren(this.device.options[0], ...options);
    this.device.value = found.some((each) => each.deviceId === chosen) ? chosen : "";
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
