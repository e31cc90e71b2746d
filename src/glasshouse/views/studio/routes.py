"""What the page may ask. What takes time is done in a thread of its own, never in the one that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from glasshouse.errors import UsageError
from glasshouse.views.studio.about import about, preset_text
from glasshouse.views.studio.answers import Refused, body_of, told, without_places
from glasshouse.views.studio.export import exported
from glasshouse.views.studio.form import form
from glasshouse.views.studio.frames import grades_shown, head
from glasshouse.views.studio.job import Pace, pace_of
from glasshouse.views.studio.line import too_many
from glasshouse.views.studio.meet import meeting
from glasshouse.views.studio.order import order_of
from glasshouse.views.studio.places import places_in
from glasshouse.views.studio.scheme import checked
from glasshouse.views.studio.series import series
from glasshouse.views.studio.watch import watch
from glasshouse.views.studio.wish import is_press, wish_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from glasshouse.errors import GlasshouseError
    from glasshouse.views.studio.job import Job
    from glasshouse.views.studio.line import Line

__all__ = ["ROUTES"]

BYTES = "application/octet-stream"


def line_of(request: Request) -> Line:
    """Return the line of this launch."""
    line: Line = request.app.state.line
    return line


def job_of(request: Request) -> Job:
    """Return the job that a path names.

    Raises:
        Refused: there is none.
    """
    return line_of(request).job(request.path_params["id"])


# ---- what there is


def show_about(_request: Request) -> Response:
    """Tell what the studio has to offer."""
    return told(about())


def show_preset(request: Request) -> Response:
    """Give a preset's text."""
    try:
        return told(preset_text(request.path_params["id"]))
    except UsageError as error:
        raise Refused(404, error.message, help=error.help) from None


def show_form(_request: Request) -> Response:
    """Give the fields of a form."""
    return told(form())


async def check(request: Request) -> Response:
    """Check a scenario."""
    wish = wish_of(await body_of(request))
    return told(await run_in_threadpool(checked, wish))


# ---- worlds


def list_worlds(request: Request) -> Response:
    """List the jobs."""
    return told([job.summary for job in line_of(request).jobs])


async def order_world(request: Request) -> Response:
    """Take an order."""
    line = line_of(request)
    if line.full:  # before anything is compiled
        raise too_many()
    body = await body_of(request)
    pace = pace_of(body.get("pace") or {}, Pace())
    order = await run_in_threadpool(order_of, body)
    job = await run_in_threadpool(line.take, order, pace)
    return told({"id": job.id}, 202)


def show_world(request: Request) -> Response:
    """Tell everything that a job has counted."""
    job = job_of(request)
    plan = job.order.plan
    people = plan.population
    names = {
        "grades": list(grades_shown(plan)),
        "provinces": [
            {"name": name, "start": start}
            for name, start in zip(people.province_names, people.province_start, strict=False)
        ],
        "groups": list(people.group_names),
        "circles": [one.id for one in plan.ties.circles],
    }
    return told(
        {
            **job.summary,
            "names": names,
            "worlds": [show_one(one) for one in job.counted],
            "series": series(job),
            "totals": [one.result.totals if one.result else one.memory.totals for one in job.counted],
            "highlights": job.highlights,
            **({"error": words_of(job.error)} if job.error else {}),
        }
    )


def show_one(one: Any) -> dict[str, Any]:
    """Return what is told of one world beside its counts."""
    scenario = one.loaded.scenario
    return {
        "title": scenario.title,
        "notice": scenario.notice,
        "press": is_press(one.loaded),
        "name": one.loaded.name,
        "changes": list(one.loaded.changes),
        "digest": one.result.digest if one.result else None,
        "grades": list(grades_shown(one.plan)),
    }


def words_of(error: GlasshouseError) -> dict[str, str]:
    """Return an error as an answer says it."""
    return {"message": without_places(error.message), "help": without_places(error.help or "")}


def forget_world(request: Request) -> Response:
    """Forget a job."""
    line_of(request).forget(request.path_params["id"])
    return Response(status_code=204)


async def set_pace(request: Request) -> Response:
    """Change the pace of a job."""
    job = job_of(request)
    job.set_pace(await body_of(request))
    line_of(request).woken()
    return told(job.summary)


# ---- one day, one circle, one citizen


def show_day(request: Request) -> Response:
    """Give the pictures of a day that was lived."""
    job, t, world = job_of(request), request.path_params["t"], world_of(request)
    try:
        picture = job.counted[world].shelf.day(t)
    except IndexError:
        raise Refused(404, f"day {t} is not lived yet") from None
    return Response(head(world, t, 0, len(picture), 0) + picture.tobytes(), media_type=BYTES)


def world_of(request: Request) -> int:
    """Return the world that a request is about, 0 by default.

    Raises:
        Refused: there is no such world.
    """
    given, worlds = request.query_params.get("world", "0"), len(job_of(request).counted)
    if not given.isascii() or not given.isdecimal() or int(given[:3]) >= worlds:
        raise Refused(404, "there is no such world")
    return int(given)


def show_order(request: Request) -> Response:
    """Give everybody's place in a circle."""
    plan = job_of(request).order.plan
    try:
        return Response(
            places_in(plan, request.path_params["circle"]).astype("<u4").tobytes(), media_type=BYTES
        )
    except UsageError as error:
        raise Refused(404, error.message, help=error.help) from None


def show_citizen(request: Request) -> Response:
    """Tell the life of a citizen."""
    return told(meeting(job_of(request), request.path_params["citizen"]))


def show_picks(request: Request) -> Response:
    """Name citizens worth meeting."""
    job = job_of(request)
    if not job.done:
        raise Refused(
            409, "who is worth meeting is known when the year is over", help="wait for the last day"
        )
    return told(job.picks)


def take_home(request: Request) -> Response:
    """Give an export as a file."""
    what = request.path_params["what"]
    content, kind = exported(job_of(request), what, world_of(request))
    return Response(
        content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{what}"'}
    )


ROUTES = [
    Route("/about", show_about),
    Route("/presets/{id}", show_preset),
    Route("/schema", show_form),
    Route("/check", check, methods=["POST"]),
    Route("/worlds", list_worlds, methods=["GET"]),
    Route("/worlds", order_world, methods=["POST"]),
    Route("/worlds/{id}", show_world, methods=["GET"]),
    Route("/worlds/{id}", forget_world, methods=["DELETE"]),
    Route("/worlds/{id}/pace", set_pace, methods=["POST"]),
    Route("/worlds/{id}/days/{t:int}", show_day),
    Route("/worlds/{id}/order/{circle}", show_order),
    Route("/worlds/{id}/citizens/{citizen:int}", show_citizen),
    Route("/worlds/{id}/picks", show_picks),
    Route("/worlds/{id}/export/{what}", take_home),
    WebSocketRoute("/worlds/{id}/watch", watch),
]
