import { Button } from '../../ui/Button';
import { useHeadingFocus } from '../../ui/hooks';
import { Icon } from '../../ui/Icon';
import type { Session } from '../../api/signing';
import { useLanguage } from '../language';
import { useSession, useSigning } from '../SigningContext';
import { openFields } from '../state/fields';
import { Frame } from './Frame';

const MINUTES_PER_PAGE = 0.4;
const MINUTES_PER_STEP_OR_FIELD = 0.3;

function minutesFor(session: Session): number {
  const small = session.steps.length + openFields(session).length;
  const minutes = session.document.pages.length * MINUTES_PER_PAGE + small * MINUTES_PER_STEP_OR_FIELD;
  return Math.max(1, Math.round(minutes));
}

function Facts({ session }: { readonly session: Session }) {
  const { t, plural, date } = useLanguage();
  const { expires_at: expires } = session.envelope;
  return (
    <ul className="facts">
      <li>
        <Icon name="user" size={18} />
        {t('arrive.greeting', { name: session.signer.name })}
      </li>
      <li>
        <Icon name="document" size={18} />
        {plural('arrive.pages', session.document.pages.length)}
      </li>
      <li>
        <Icon name="clock" size={18} />
        {expires ? t('arrive.expires', { date: date(expires) }) : t('arrive.noExpiry')}
      </li>
    </ul>
  );
}

function Message({ sender, message }: { readonly sender: string | null; readonly message: string }) {
  const { t } = useLanguage();
  return (
    <figure className="message">
      <figcaption>{sender ? t('arrive.message', { sender }) : t('arrive.messageAnonymous')}</figcaption>
      <blockquote>{message}</blockquote>
    </figure>
  );
}

export function Arrive() {
  const { t, plural } = useLanguage();
  const signing = useSigning();
  const session = useSession();
  const heading = useHeadingFocus();
  const { sender, name, message } = session.envelope;
  return (
    <Frame footer={t('arrive.later')}>
      <article className="card arrive">
        <p className="eyebrow">{sender ? t('arrive.eyebrow', { sender }) : t('arrive.eyebrowAnonymous')}</p>
        <h1 ref={heading} tabIndex={-1}>
          {name}
        </h1>
        <Facts session={session} />
        {message && <Message sender={sender} message={message} />}
        <section className="way">
          <div className="way-head">
            <h2>{t('arrive.whatHappens')}</h2>
            <span>{plural('arrive.minutes', minutesFor(session))}</span>
          </div>
          <ol>
            {session.steps.map((step) => (
              <li key={step.type}>{t(`step.${step.type}`)}</li>
            ))}
          </ol>
        </section>
        <div className="actions">
          <Button
            look="primary"
            wide
            onClick={() => {
              signing.begin();
            }}
          >
            {t('arrive.start')}
          </Button>
        </div>
      </article>
    </Frame>
  );
}
