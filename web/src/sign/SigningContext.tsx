import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Session, SigningApi } from '../api/signing';
import type { Signing, SigningState } from './state/signing';

export interface SigningRoom {
  readonly signing: Signing;
  readonly api: SigningApi;
}

export const SigningContext = createContext<SigningRoom | null>(null);

export function useRoom(): SigningRoom {
  const room = useContext(SigningContext);
  if (!room) throw new Error('useRoom outside its provider');
  return room;
}

export function useSigning(): Signing {
  return useRoom().signing;
}

export function useSigningState(): SigningState {
  const signing = useSigning();
  return useSyncExternalStore(signing.subscribe, signing.snapshot, signing.snapshot);
}

/** For screens that exist only once the server has answered. */
export function useSession(): Session {
  const { session } = useSigningState();
  if (!session) throw new Error('no session yet');
  return session;
}
