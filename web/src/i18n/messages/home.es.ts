import type { Translation } from '../catalogue';
import { commonEs } from './common.es';
import type { HomeMessages } from './home.en';

export const es: Translation<HomeMessages> = {
  ...commonEs,
  'home.title': 'Documentos firmados, bien guardados',
  'home.body': 'Si le pidieron firmar, abra el enlace de su correo: lleva directamente a su documento.',
  'home.verify': 'Verificar un documento',
  'home.verifyHint': '¿Tiene un PDF firmado? Compruebe si es auténtico y no ha cambiado.',
  'missing.title': 'Aquí no hay nada',
  'missing.body': 'Puede que la dirección esté mal escrita o cortada. Si le pidieron firmar, abra de nuevo el enlace de su correo.',
};
