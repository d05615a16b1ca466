-- What an observer had already when it was asked is noted like a delivery.
ALTER TABLE delivery
  DROP CONSTRAINT delivery_outcome_check,
  ADD CONSTRAINT delivery_outcome_check CHECK (outcome IN ('delivered', 'superseded', 'found'));
