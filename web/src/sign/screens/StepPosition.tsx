import { useLanguage } from '../language';
import { useSession } from '../SigningContext';

/** "Step 1 of 3", with the same in dots for the eye. */
export function StepPosition() {
  const { t } = useLanguage();
  const { steps } = useSession();
  const at = steps.findIndex((step) => step.status === 'current' || step.status === 'locked');
  if (at < 0 || steps.length < 2) return null;
  return (
    <p className="step-position">
      <span className="step-dots" aria-hidden="true">
        {steps.map((step, index) => (
          <i key={step.type} className={index < at ? 'passed' : index === at ? 'current' : ''} />
        ))}
      </span>
      {t('step.position', { position: at + 1, total: steps.length })}
    </p>
  );
}
