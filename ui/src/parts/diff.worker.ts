// The worker in which two texts are compared: it answers once and is ended.
import { differ } from './differ';

onmessage = ({ data }: MessageEvent<{ from: string; to: string; timeout: number }>) => {
  postMessage(differ(data.from, data.to, data.timeout));
};
