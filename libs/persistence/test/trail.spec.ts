import { fixedClock } from '@leasewire/testing';
import { Trail } from '../src/outbox/trail.js';

it('a search of the outbox goes on from the last place that is old enough, however long it has been running', () => {
  const clock = fixedClock();
  const trail = new Trail(clock, { fewLately: 1, disorderMs: 15_000, allEveryMs: 3_600_000 });
  trail.beganAtTheBeginning();
  trail.left(2);
  for (let second = 100; second < 200; second++) {
    trail.reached(`evt_${second}`);
    clock.advance({ seconds: 1 });
  }
  expect(trail.whereToGoOn()).toBe('evt_184');
});

it('and begins at the beginning while few were published lately, or nothing is old enough', () => {
  const clock = fixedClock();
  const trail = new Trail(clock, { fewLately: 1 });
  trail.beganAtTheBeginning();
  trail.reached('evt_1');
  trail.left(2);
  expect(trail.whereToGoOn()).toBeNull();
  const quiet = new Trail(clock, { disorderMs: 0, allEveryMs: 60_000 });
  quiet.beganAtTheBeginning();
  quiet.reached('evt_1');
  quiet.left(999);
  expect(quiet.whereToGoOn()).toBeNull();
});
