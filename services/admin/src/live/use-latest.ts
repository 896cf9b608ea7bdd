import { useEffect, useState } from 'react';

/** Of what was asked and what was told: whichever came last. */
export function useLatest<T>(asked: T | undefined, told: T | undefined): T | undefined {
  const [latest, setLatest] = useState<T>();
  useEffect(() => {
    if (asked !== undefined) setLatest(asked);
  }, [asked]);
  useEffect(() => {
    if (told !== undefined) setLatest(told);
  }, [told]);
  return latest ?? told ?? asked;
}
