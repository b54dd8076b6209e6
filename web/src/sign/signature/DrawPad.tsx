import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import SignaturePad, { type PointGroup } from 'signature_pad';
import type { Stroke } from '../../api/signing';
import { Icon } from '../../ui/Icon';
import { useLanguage } from '../language';

export interface Drawing {
  readonly strokes: readonly Stroke[];
  readonly width: number;
  readonly height: number;
}

export interface DrawPadHandle {
  drawing(): Drawing;
}

interface DrawPadProps {
  readonly handle: Ref<DrawPadHandle>;
  readonly signer: string;
  readonly onDrawn: () => void;
}

const INK = '#12151c';
/** Width of the pad's own units. The groups are kept in these, whatever size the canvas happens to have. */
const UNITS = 1000;

function rescaled(groups: readonly PointGroup[], factor: number): PointGroup[] {
  return groups.map((group) => ({
    ...group,
    points: group.points.map((point) => ({ ...point, x: point.x * factor, y: point.y * factor })),
  }));
}

/** Fits the canvas to its place on screen and its pixels. */
function fitCanvas(canvas: HTMLCanvasElement, pad: SignaturePad): void {
  const ratio = Math.max(1, devicePixelRatio);
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.getContext('2d')?.scale(ratio, ratio);
  pad.minWidth = width / 520;
  pad.maxWidth = width / 170;
}

/**
 * A pad to draw on. What counts are the points, kept apart from the canvas: turning the phone, a browser bar sliding
 * in or a browser that forbids reading canvases cannot lose them.
 */
export function DrawPad({ handle, signer, onDrawn }: DrawPadProps) {
  const { t } = useLanguage();
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const groups = useRef<PointGroup[]>([]);
  const shape = useRef({ width: UNITS, height: UNITS });
  /** Pixels per unit, so chosen that what was drawn before the phone was turned is still whole. */
  const scale = useRef(1);
  const [strokes, setStrokes] = useState(0);
  const drawn = useRef(onDrawn);

  useEffect(() => {
    drawn.current = onDrawn;
  }, [onDrawn]);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const made = new SignaturePad(element, { penColor: INK, throttle: 8, minDistance: 1.5 });
    pad.current = made;
    const redraw = () => {
      // Hidden behind another tab: there is nothing to fit to, and the points wait.
      if (element.clientWidth === 0) return;
      fitCanvas(element, made);
      const { clientWidth, clientHeight } = element;
      if (groups.current.length === 0) shape.current = { width: UNITS, height: (UNITS * clientHeight) / clientWidth };
      scale.current = Math.min(clientWidth / shape.current.width, clientHeight / shape.current.height);
      made.fromData(rescaled(groups.current, scale.current));
    };
    const keep = () => {
      groups.current = rescaled(made.toData(), 1 / scale.current);
      setStrokes(groups.current.length);
      drawn.current();
    };
    made.addEventListener('endStroke', keep);
    const watch = new ResizeObserver(redraw);
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.removeEventListener('endStroke', keep);
      made.off();
    };
  }, []);

  useImperativeHandle(handle, () => ({
    drawing: () => ({
      ...shape.current,
      strokes: groups.current.map((group) =>
        group.points.map(({ x, y, time, pressure }) => ({ x, y, t: time, p: pressure })),
      ),
    }),
  }));

  const show = (kept: PointGroup[]) => {
    groups.current = kept;
    pad.current?.fromData(rescaled(kept, scale.current));
    if (kept.length === 0) pad.current?.clear();
    setStrokes(kept.length);
  };

  return (
    <div className="pad">
      <p className="pad-hint">{t('mark.drawHere')}</p>
      <div className="pad-paper">
        <span className="pad-signer" aria-hidden="true">
          {signer}
        </span>
        <span className="pad-line" aria-hidden="true">
          ×
        </span>
        <canvas ref={canvas}>{t('mark.pad')}</canvas>
      </div>
      <div className="pad-tools">
        <button
          type="button"
          className="text-button"
          disabled={strokes === 0}
          onClick={() => {
            show(groups.current.slice(0, -1));
          }}
        >
          <Icon name="undo" size={18} />
          {t('mark.undo')}
        </button>
        <button
          type="button"
          className="text-button"
          disabled={strokes === 0}
          onClick={() => {
            show([]);
          }}
        >
          <Icon name="close" size={18} />
          {t('mark.clear')}
        </button>
      </div>
    </div>
  );
}
