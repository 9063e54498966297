// The phone: leads a worker through a job, online or not.
export {};
