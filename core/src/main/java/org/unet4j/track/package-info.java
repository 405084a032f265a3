/**
 * Tracking: what another program is told of a run while it goes on. That program is MLflow, over its REST interface.
 *
 * <p>A run's curves lie in its folder, whoever listens. So nothing is queued: {@link org.unet4j.track.MlflowRun} has a thread
 * that reads the curves from their file and sends them, goes on later where the server was away, and in another process where
 * that one ended. Nothing that the server does, or leaves undone, reaches whoever writes the curves. Read
 * {@link org.unet4j.track.MlflowServer} first (whom to tell), then {@link org.unet4j.track.MlflowRun}.
 *
 * <pre>{@code
 * MlflowServer server = MlflowServer.of("http://localhost:5000", environment);
 * MlflowRun run = MlflowRun.start(server, description, folder.resolve("mlflow.json"), curves, notes);
 * // ... the run ...
 * run.end(RunStatus.FINISHED);
 * run.await();
 * }</pre>
 */
package org.unet4j.track;
