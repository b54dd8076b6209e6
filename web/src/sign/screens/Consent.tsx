import { useId, useRef, useState } from 'react';
import type { Disclosure } from '../../api/signing';
import { Button } from '../../ui/Button';
import { useHeadingFocus } from '../../ui/hooks';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { fileNameFor, saveFile } from '../../ui/saveFile';
import { useLanguage } from '../language';
import { useSession, useSigning } from '../SigningContext';
import { Decline } from './Decline';
import { blocksOf } from './disclosure';
import { FormFault, useAttempt } from './FormFault';
import { Frame } from './Frame';
import { StepPosition } from './StepPosition';

function nameOfLanguage(code: string, inLocale: string): string {
  return new Intl.DisplayNames([inLocale], { type: 'language' }).of(code) ?? code;
}

function DisclosureText({ disclosure }: { readonly disclosure: Disclosure }) {
  const { t, locale } = useLanguage();
  const foreign = !disclosure.locale.toLowerCase().startsWith(locale);
  return (
    <>
      {foreign && (
        <Notice tone="info">
          {t('consent.otherLanguage', { language: nameOfLanguage(disclosure.locale, locale) })}
        </Notice>
      )}
      <div className="disclosure" lang={disclosure.locale}>
        {blocksOf(disclosure.text).map((block, index) =>
          block.kind === 'heading' ? <h2 key={index}>{block.text}</h2> : <p key={index}>{block.text}</p>,
        )}
      </div>
    </>
  );
}

function Keep({ disclosure }: { readonly disclosure: Disclosure }) {
  const { t } = useLanguage();
  const save = () => {
    const text = `${disclosure.title}\n\n${disclosure.text}\n`;
    saveFile(new Blob([text], { type: 'text/plain;charset=utf-8' }), fileNameFor(disclosure.title, 'txt'));
  };
  return (
    <div className="keep">
      <button
        type="button"
        className="text-button"
        onClick={() => {
          print();
        }}
      >
        <Icon name="print" size={18} />
        {t('consent.print')}
      </button>
      <button type="button" className="text-button" onClick={save}>
        <Icon name="download" size={18} />
        {t('consent.download')}
      </button>
    </div>
  );
}

/** The consent of 15 U.S.C. §7001(c): on a screen of its own, before the document, with an unticked box. */
export function Consent() {
  const { t } = useLanguage();
  const signing = useSigning();
  const { disclosure } = useSession();
  const heading = useHeadingFocus();
  const tick = useRef<HTMLInputElement>(null);
  const errorId = useId();
  const [ticked, setTicked] = useState(false);
  const [scolded, setScolded] = useState(false);
  const [refusing, setRefusing] = useState(false);
  const attempt = useAttempt();

  if (!disclosure) return null;
  const agree = () => {
    setScolded(!ticked);
    if (!ticked) tick.current?.focus();
    else void attempt.run(() => signing.consent(disclosure.id));
  };

  return (
    <Frame>
      <article className="card consent">
        <StepPosition />
        <h1 ref={heading} tabIndex={-1} lang={disclosure.locale}>
          {disclosure.title}
        </h1>
        <div className="consent-head">
          <p className="lead">{t('consent.lead')}</p>
          <Keep disclosure={disclosure} />
        </div>
        <DisclosureText disclosure={disclosure} />
        <form
          className="consent-form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            agree();
          }}
        >
          <label className={scolded ? 'tick wrong' : 'tick'}>
            <input
              ref={tick}
              type="checkbox"
              checked={ticked}
              aria-invalid={scolded}
              aria-describedby={scolded ? errorId : undefined}
              onChange={(event) => {
                setTicked(event.currentTarget.checked);
                setScolded(false);
              }}
            />
            <span>{t('consent.tick')}</span>
          </label>
          {scolded && (
            <p className="field-error" id={errorId}>
              {t('consent.tickNeeded')}
            </p>
          )}
          <FormFault fault={attempt.fault} />
          <div className="actions">
            <Button type="submit" look="primary" busy={attempt.busy} disabled={attempt.busy}>
              {t('consent.continue')}
            </Button>
            <Button
              look="quiet"
              onClick={() => {
                setRefusing(true);
              }}
            >
              {t('consent.refuse')}
            </Button>
          </div>
        </form>
      </article>
      {refusing && (
        <Decline
          instead="paper"
          onClose={() => {
            setRefusing(false);
          }}
        />
      )}
    </Frame>
  );
}
