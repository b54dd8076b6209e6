import { useEffect } from 'react';
import { useLanguage } from './language';
import { Review } from './review/Review';
import { Arrive } from './screens/Arrive';
import { Consent } from './screens/Consent';
import { Done } from './screens/Done';
import { Later } from './screens/Later';
import { Opening } from './screens/Opening';
import { Otp } from './screens/Otp';
import { StopPage } from './screens/StopPage';
import { useSigning, useSigningState } from './SigningContext';
import type { Screen } from './state/screen';

function titleOf(screen: Screen, t: ReturnType<typeof useLanguage>['t']): string {
  switch (screen.at) {
    case 'opening':
      return t('boot.opening');
    case 'stop':
      return t(`stop.${screen.stop.reason}.title`);
    case 'arrive':
      return t('arrive.start');
    case 'consent':
      return t('step.consent');
    case 'otp':
      return t('otp.title');
    case 'review':
      return t('step.sign');
    case 'later':
      return t('later.title');
    case 'done':
      return t('done.title');
  }
}

function ScreenOf({ screen }: { readonly screen: Screen }) {
  switch (screen.at) {
    case 'opening':
      return <Opening />;
    case 'stop':
      return <StopPage key={screen.stop.reason} stop={screen.stop} />;
    case 'arrive':
      return <Arrive />;
    case 'consent':
      return <Consent />;
    case 'otp':
      return <Otp key={screen.channel} channel={screen.channel} />;
    case 'review':
      return <Review />;
    case 'later':
      return <Later />;
    case 'done':
      return <Done />;
  }
}

/** Keeps unsaved entries from being lost when the page is left, and picks up when the network returns. */
function useGoingAndComing() {
  const signing = useSigning();
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const asked = (event: BeforeUnloadEvent) => {
      if (signing.hasUnsaved()) event.preventDefault();
    };
    const leaving = () => {
      signing.closing();
    };
    const online = () => {
      signing.online();
    };
    addEventListener('beforeunload', asked, { signal });
    addEventListener('pagehide', leaving, { signal });
    addEventListener('online', online, { signal });
    return () => {
      stop.abort();
    };
  }, [signing]);
}

export function SigningApp() {
  const { t } = useLanguage();
  const { screen, session, announcement } = useSigningState();
  useGoingAndComing();

  const title = titleOf(screen, t);
  const name = session?.envelope.name;
  useEffect(() => {
    document.title = name ? t('title.page', { screen: title, document: name }) : title;
  }, [title, name, t]);

  return (
    <>
      <ScreenOf screen={screen} />
      <p className="visually-hidden" role="status">
        {announcement}
      </p>
    </>
  );
}
