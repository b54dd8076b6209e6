import type { Translation } from '../catalogue';
import type { commonEn } from './common.en';

export const commonEs: Translation<typeof commonEn> = {
  'language.label': 'Idioma',
  'brand.home': 'deedbox',
  'action.close': 'Cerrar',
  'action.cancel': 'Cancelar',
  'action.retry': 'Reintentar',
  'action.copy': 'Copiar',
  'action.copied': 'Copiado',
  'reference': 'Referencia {reference}',
};
