package io.quorate.server.config;

import java.time.Duration;

/**
 * The rows of this node. Keys {@code store.…}.
 *
 * @param cacheMebibytes memory for pages
 * @param checkpointInterval the longest time between two checkpoints while there is something new
 * @param checkpointBytes unsaved changes that call for a checkpoint at once
 * @param unsavedBytesMax unsaved changes at which applying waits for the checkpoint
 * @param viewAgeMax how long a statement or a transaction can read what it began with
 */
public record StoreConfig(
    @Setting("25%") int cacheMebibytes,
    @Setting("5s") Duration checkpointInterval,
    @Setting("64MiB") long checkpointBytes,
    @Setting("256MiB") long unsavedBytesMax,
    @Setting("1h") Duration viewAgeMax) {

  public StoreConfig {
    ConfigException.require(
        cacheMebibytes > 0, "store.cache_mebibytes is at least 1, not %s", cacheMebibytes);
    ConfigException.require(
        checkpointInterval.toMillis() > 0 && checkpointInterval.toHours() < 24,
        "store.checkpoint_interval is between 1ms and 24h, not %s",
        Quantity.format(checkpointInterval));
    ConfigException.require(checkpointBytes > 0, "store.checkpoint_bytes is more than 0");
    ConfigException.require(
        unsavedBytesMax > checkpointBytes,
        "store.unsaved_bytes_max %s is not more than store.checkpoint_bytes %s",
        Quantity.format(unsavedBytesMax),
        Quantity.format(checkpointBytes));
    ConfigException.require(
        viewAgeMax.toSeconds() > 0 && viewAgeMax.toDays() < 30,
        "store.view_age_max is between 1s and 30d, not %s",
        Quantity.format(viewAgeMax));
  }
}
