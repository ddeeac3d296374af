"""Socialtjänstlagret: from municipal deliveries to indicators. The Dagster code location and the command `lager`."""
