//! Which worker does what, as plain data: jobs wait in order, a worker has one at a time.

use std::collections::VecDeque;

/// How many workers in a row may die before they are ready, until no more are started.
const MAX_FALSE_STARTS: u32 = 3;

/// Names a worker for its whole life; a replacement gets a new one.
pub(crate) type WorkerId = u32;
/// Names a job.
pub(crate) type JobId = u32;

/// What the pool has to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Start a worker under this name.
    Start(WorkerId),
    /// Give the job to the worker.
    Send(WorkerId, JobId),
    /// End the worker.
    End(WorkerId),
    /// Tell that the job's worker died.
    Fail(JobId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Starting,
    Nothing,
    Job(JobId),
}

/// The desk where jobs are handed out.
#[derive(Debug)]
pub(crate) struct Desk {
    workers: Vec<(WorkerId, Doing)>,
    queue: VecDeque<JobId>,
    most_workers: usize,
    next_worker: WorkerId,
    false_starts: u32,
}

impl Desk {
    pub(crate) fn new(most_workers: usize) -> Self {
        Self {
            workers: Vec::new(),
            queue: VecDeque::new(),
            most_workers: most_workers.max(1),
            next_worker: 0,
            false_starts: 0,
        }
    }

    /// Starts the first worker before there is a job, so that the first preview does not wait for it.
    pub(crate) fn open(&mut self) -> Vec<Action> {
        if self.workers.is_empty() { vec![self.start()] } else { Vec::new() }
    }

    /// A new job.
    pub(crate) fn add(&mut self, job: JobId) -> Vec<Action> {
        self.queue.push_back(job);
        self.false_starts = 0;
        self.hand_out()
    }

    /// A worker runs.
    pub(crate) fn ready(&mut self, worker: WorkerId) -> Vec<Action> {
        self.false_starts = 0;
        self.finished(worker)
    }

    /// A worker is done with its job.
    pub(crate) fn finished(&mut self, worker: WorkerId) -> Vec<Action> {
        if let Some((_, doing)) = self.workers.iter_mut().find(|(id, _)| *id == worker) {
            *doing = Doing::Nothing;
        }
        self.hand_out()
    }

    /// A worker died. Its job fails, the others go on.
    pub(crate) fn died(&mut self, worker: WorkerId) -> Vec<Action> {
        let Some(at) = self.workers.iter().position(|(id, _)| *id == worker) else { return Vec::new() };
        let mut actions = vec![Action::End(worker)];
        match self.workers.remove(at).1 {
            Doing::Starting => self.false_starts += 1,
            Doing::Nothing => {}
            Doing::Job(job) => actions.push(Action::Fail(job)),
        }
        if self.false_starts >= MAX_FALSE_STARTS && self.workers.is_empty() {
            actions.extend(self.queue.drain(..).map(Action::Fail));
        } else {
            actions.extend(self.hand_out());
        }
        actions
    }

    /// Nobody wants the job any more. A worker that has it is ended: nothing else stops it.
    pub(crate) fn cancel(&mut self, job: JobId) -> Vec<Action> {
        self.queue.retain(|queued| *queued != job);
        let Some(at) = self.workers.iter().position(|(_, doing)| *doing == Doing::Job(job)) else {
            return Vec::new();
        };
        let mut actions = vec![Action::End(self.workers.remove(at).0)];
        actions.extend(self.hand_out());
        actions
    }

    fn hand_out(&mut self) -> Vec<Action> {
        let mut actions = Vec::new();
        for (worker, doing) in self.workers.iter_mut().filter(|(_, doing)| *doing == Doing::Nothing) {
            let Some(job) = self.queue.pop_front() else { break };
            *doing = Doing::Job(job);
            actions.push(Action::Send(*worker, job));
        }
        let starting = self.workers.iter().filter(|(_, doing)| *doing == Doing::Starting).count();
        let places = self.most_workers - self.workers.len();
        for _ in 0..self.queue.len().saturating_sub(starting).min(places) {
            actions.push(self.start());
        }
        actions
    }

    fn start(&mut self) -> Action {
        self.next_worker += 1;
        self.workers.push((self.next_worker, Doing::Starting));
        Action::Start(self.next_worker)
    }
}

#[cfg(test)]
mod tests {
    use super::Action::*;
    use super::*;

    #[test]
    fn a_job_waits_until_its_worker_runs() {
        let mut desk = Desk::new(4);
        assert_eq!(desk.open(), [Start(1)]);
        assert_eq!(desk.add(10), []);
        assert_eq!(desk.ready(1), [Send(1, 10)]);
    }

    #[test]
    fn jobs_go_out_in_order_and_no_more_workers_than_allowed_are_started() {
        let mut desk = Desk::new(2);
        assert_eq!([10, 11, 12].map(|job| desk.add(job)), [vec![Start(1)], vec![Start(2)], vec![]]);
        assert_eq!(desk.ready(2), [Send(2, 10)]);
        assert_eq!(desk.ready(1), [Send(1, 11)]);
        assert_eq!(desk.finished(1), [Send(1, 12)]);
        assert_eq!(desk.finished(2), []);
    }

    #[test]
    fn a_dead_worker_is_replaced_and_only_its_job_fails() {
        let mut desk = Desk::new(1);
        desk.add(10);
        desk.ready(1);
        desk.add(11);
        assert_eq!(desk.died(1), [End(1), Fail(10), Start(2)]);
        assert_eq!(desk.died(1), []);
        assert_eq!(desk.ready(2), [Send(2, 11)]);
    }

    #[test]
    fn workers_that_never_run_fail_their_jobs_in_the_end() {
        let mut desk = Desk::new(1);
        desk.add(10);
        assert_eq!(desk.died(1), [End(1), Start(2)]);
        assert_eq!(desk.died(2), [End(2), Start(3)]);
        assert_eq!(desk.died(3), [End(3), Fail(10)]);
        assert_eq!(desk.add(11), [Start(4)]);
    }

    #[test]
    fn cancelling_ends_the_worker_only_if_it_has_the_job() {
        let mut desk = Desk::new(1);
        desk.add(10);
        desk.ready(1);
        desk.add(11);
        desk.add(12);
        assert_eq!(desk.cancel(11), []);
        assert_eq!(desk.cancel(10), [End(1), Start(2)]);
        assert_eq!(desk.ready(2), [Send(2, 12)]);
    }
}
